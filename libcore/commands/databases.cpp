// Database clients: the statements they are given are read. PostgreSQL 15, MySQL 8, SQLite 3.40, mongosh,
// redis-cli.
#include <algorithm>
#include <cctype>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/commands/sql.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// The text behind a quote that opens at `at`; two of them stand for one.
std::string quoted(std::string_view text, size_t at) {
  std::string out;
  for (const char quote = text[at++]; at < text.size(); ++at) {
    if (text[at] == quote && (at + 1 >= text.size() || text[at + 1] != quote)) break;
    if (text[at] == quote) ++at;
    out += text[at];
  }
  return out;
}

/// PostgreSQL: COPY … FROM PROGRAM 'CODE', TO PROGRAM 'CODE', and psql's \copy alike: run by the server, or
/// here.
void judge_copies(const std::string& sql, Sink& sink, resolve::Place place) {
  static constexpr std::string_view kWord = "PROGRAM";
  const std::string big = upper(sql);
  for (size_t at = big.find(kWord); at != std::string::npos; at = big.find(kWord, at + 1)) {
    const size_t before = big.find_last_not_of(" \t\n", at == 0 ? 0 : at - 1);
    const std::string_view head =
        std::string_view(big).substr(0, before == std::string::npos ? 0 : before + 1);
    size_t code = big.find_first_not_of(" \t\n", at + kWord.size());
    if (!head.ends_with("FROM") && !head.ends_with("TO")) continue;
    if (code != std::string::npos && big[code] == 'E') ++code;  // E'…'
    if (code < sql.size() && sql[code] == '\'') run_line(sink, Value::exact(quoted(sql, code)), place);
  }
}

/// Words at the start of a line, or of what follows a semicolon, that hand the rest of the line to a shell:
/// psql(1), mysql(1), the dot commands of SQLite and DuckDB.
constexpr std::string_view kEscapes[] = {"\\!",      "system ", "\\o |",   "\\g |",    ".shell ",
                                         ".system ", ".sh ",    ".once |", ".output |"};
bool escapes(std::string_view statement, Sink& sink, resolve::Place place) {
  statement.remove_prefix(std::min(statement.find_first_not_of(" \t;"), statement.size()));
  for (std::string_view start : kEscapes)
    if (statement.starts_with(start))
      return run_line(sink, Value::exact(std::string(statement.substr(start.size()))), place), true;
  return false;
}

/// What a client reads: its own commands line by line, and statements.
void judge_client(const std::string& text, Sink& sink, resolve::Place place) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    for (size_t statement = 0; statement < line.size();) {
      if (escapes(line.substr(statement), sink, place)) break;
      statement = std::min(line.find(';', statement), line.size() - 1) + 1;
    }
    at = end + 1;
  }
  judge_copies(text, sink, place);
  judge_sql(text, sink, place);
}

/// psql -f FILE, mysql < FILE. A dump drops the tables it makes anew.
void judge_client_file(Sink& sink, const Value& path, resolve::Place place) {
  const auto file = read_text(sink, path);
  if (!file) return;
  sink.evaluator().within_file(file->text.size(), [&] {
    if (!makes_tables_anew(file->text)) judge_client(file->text, sink, place);
  });
}

/// mysql -e DROP DATABASE x: without quotes only the first word is the statement. What was meant is judged: a
/// verb alone is none.
std::string whole_statement(const Call& call, const Argument& given) {
  static constexpr std::string_view kVerbs[] = {"DROP", "DELETE", "TRUNCATE", "ALTER", "UPDATE", "GRANT"};
  std::string text = given.value.with_holes_empty();
  if (!among(kVerbs, upper(text))) return text;
  for (const Argument* word : call.operands())
    if (word->place.range.begin > given.place.range.begin) text += ' ' + word->value.with_holes_empty();
  return text;
}

void from_input(const Call& call, Sink& sink) {
  const resolve::Input& input = call.invocation().input;
  if (input.kind == resolve::Input::Kind::pipe || input.kind == resolve::Input::Kind::text)
    judge_client(input.data.with_holes_empty(), sink, call.invocation().place);
  for (const resolve::ResolvedRedirect& r : call.invocation().redirects)
    if (r.op == "<" && (r.fd.empty() || r.fd == "0")) judge_client_file(sink, r.target, r.place);
}

constexpr Option kPsql[] = {{'c', "command", Arg::value},
                            {'f', "file", Arg::value},
                            {'d', "dbname", Arg::value},
                            {'h', "host", Arg::value},
                            {'p', "port", Arg::value},
                            {'U', "username", Arg::value},
                            {'v', "set", Arg::value},
                            {'o', "output", Arg::value},
                            {'F', "field", Arg::value},
                            {'R', "record", Arg::value},
                            {'P', "pset", Arg::value},
                            {'T', "table", Arg::value},
                            {'t', "tuples"},
                            {'A', "no-align"},
                            {'q', "quiet"},
                            {'X', "no-psqlrc"},
                            {'l', "list"},
                            {'w', "no-password"},
                            {'W', "password"},
                            {'1', "single"}};
void psql(const Call& call, Sink& sink) {
  for (const Argument* c : call.values("command")) judge_client(whole_statement(call, *c), sink, c->place);
  for (const Argument* file : call.values("file")) judge_client_file(sink, file->value, file->place);
  from_input(call, sink);
}
constexpr Option kMysql[] = {{'e', "execute", Arg::value},
                             {'u', "user", Arg::value},
                             {'p', "password", Arg::optional},
                             {'h', "host", Arg::value},
                             {'P', "port", Arg::value},
                             {'D', "database", Arg::value},
                             {'S', "socket", Arg::value},
                             {'N', "skip-names"},
                             {'B', "batch"},
                             {'s', "silent"},
                             {'f', "force"},
                             {'q', "query", Arg::value},
                             {'Q', "Query", Arg::value}};
void mysql(const Call& call, Sink& sink) {
  for (std::string_view option : {"execute", "query", "Query"})
    for (const Argument* c : call.values(option)) judge_client(whole_statement(call, *c), sink, c->place);
  from_input(call, sink);
}
void mysqladmin(const Call& call, Sink& sink) {
  for (const Argument* word : call.operands())
    if (word->value.with_holes_empty() == "drop") sink.on(Kind::changes_remote, "sql.drop-database", *word);
}
/// memcached-tool HOST flush_all.
void memcached(const Call& call, Sink& sink) {
  if (call.operand(1) == "flush_all") sink.add(Kind::changes_remote, "db.flush").target.text = "flush_all";
}

/// As psql, but for -f and -i, which ask and force.
constexpr Option kDropDatabase[] = {{'h', "host", Arg::value},
                                    {'p', "port", Arg::value},
                                    {'U', "username", Arg::value},
                                    {0, "maintenance-db", Arg::value},
                                    {'f', "force"},
                                    {'i', "interactive"},
                                    {'e', "echo"},
                                    {'w', "no-password"},
                                    {'W', "password"}};
void drop_database(const Call& call, Sink& sink) {
  if (!call.any("help version") && !call.operands().empty())
    sink.on(Kind::changes_remote, "sql.drop-database", *call.operands().back());
}
constexpr Option kSqlite[] = {{0, "header"},
                              {0, "csv"},
                              {0, "json"},
                              {0, "init", Arg::value},
                              {0, "cmd", Arg::value},
                              {'c', "command", Arg::value},
                              {0, "readonly"},
                              {0, "separator", Arg::value},
                              {0, "batch"},
                              {0, "column"},
                              {0, "line"},
                              {0, "list"}};
/// DATABASE, or file:DATABASE?immutable=1: sqlite.org/uri.html.
Argument database_file(const Argument& word) {
  const auto text = word.value.text();
  if (!text || !text->starts_with("file:")) return word;
  std::string path = text->substr(5, text->find('?') - 5);
  for (const std::string_view host : {"//localhost", "//"})
    if (path.starts_with(host)) {
      path.erase(0, host.size());
      break;
    }
  return {Value::exact(std::move(path)), word.place, nullptr};
}

void sqlite(const Call& call, Sink& sink) {
  if (!call.operands().empty()) read_effect(sink, database_file(*call.operands().front()));
  if (call.has("readonly")) return;
  for (std::string_view option : {"cmd", "command"})
    for (const Argument* c : call.values(option)) judge_client(c->value.with_holes_empty(), sink, c->place);
  for (size_t i = 1; i < call.operands().size(); ++i)
    judge_client(call.operand(i), sink, call.operands()[i]->place);
  from_input(call, sink);
}
constexpr Option kMongo[] = {{0, "eval", Arg::value},
                             {0, "host", Arg::value},
                             {0, "port", Arg::value},
                             {'u', "username", Arg::value},
                             {'p', "password", Arg::value},
                             {0, "quiet"},
                             {0, "file", Arg::value},
                             {0, "authenticationDatabase", Arg::value},
                             {0, "drop"}};
void mongo(const Call& call, Sink& sink) {
  const std::string code =
      call.text("eval") + (call.invocation().input.kind == resolve::Input::Kind::inherited
                               ? ""
                               : call.invocation().input.data.with_holes_empty());
  const bool all =
      code.find("deleteMany({})") != std::string::npos || code.find("remove({})") != std::string::npos;
  if (code.find("dropDatabase(") != std::string::npos)
    sink.add(Kind::changes_remote, "sql.drop-database");
  else if (code.find(".drop(") != std::string::npos || call.has("drop"))
    sink.add(Kind::changes_remote, "sql.drop-table");
  else if (all)
    sink.add(Kind::changes_remote, "sql.delete-all");
}
constexpr Option kRedis[] = {{'h', "host", Arg::value}, {'p', "port", Arg::value},
                             {'a', "pass", Arg::value}, {'n', "db", Arg::value},
                             {'u', "uri", Arg::value},  {'x', "stdin"},
                             {0, "user", Arg::value},   {0, "tls"}};
/// CONFIG SET dir: the next save writes there, cron tables and keys included.
bool sets_directory(const Call& call) {
  return (call.operand(1) == "SET" || call.operand(1) == "set") &&
         (call.operand(2) == "dir" || call.operand(2) == "dbfilename");
}
void redis(const Call& call, Sink& sink) {
  std::string verb = call.operand(0);
  if (verb.empty()) verb = call.invocation().input.data.with_holes_empty();
  verb = upper(verb);
  if (verb.starts_with("FLUSHALL") || verb.starts_with("FLUSHDB") || verb.starts_with("SHUTDOWN") ||
      (verb == "SCRIPT" && call.operand(1) == "FLUSH") || (verb == "CONFIG" && sets_directory(call)))
    sink.add(Kind::changes_remote, "db.flush").target.text = verb;
}
constexpr Option kRails[] = {
    {'e', "environment", Arg::value}, {'f', "force"}, {0, "force-reset"}, {0, "accept-data-loss"}};
void framework(const Call& call, Sink& sink) {
  for (size_t i = 0; i < std::min<size_t>(2, call.operands().size()); ++i) {
    const std::string task = call.operand(i);
    if (task == "db:drop" || task == "db:reset" || task == "db:purge" || task.starts_with("db:drop:") ||
        task == "migrate:fresh" || task == "migrate:reset" || task == "db:wipe" || task == "flush" ||
        task == "reset_db" || task == "schema:drop" || task == "ecto.drop" || task == "ecto.reset" ||
        task == "doctrine:database:drop" || task == "doctrine:schema:drop")
      sink.on(Kind::changes_remote, "sql.drop-database", *call.operands()[i]);
  }
  if (call.operand(0) == "migrate" && (call.operand(1) == "reset" || call.operand(2) == "zero"))  // Django
    sink.add(Kind::changes_remote, "sql.drop-database");                                          // prisma
  if (call.operand(0) == "db" && call.operand(1) == "push" && call.any("force-reset accept-data-loss"))
    sink.add(Kind::changes_remote, "sql.drop-database");
  if (call.operand(0) == "push" && call.has("force") && call.program() == "drizzle-kit")
    sink.add(Kind::changes_remote, "sql.drop-database");
  if (call.operand(0) == "downgrade" && call.operand(1) == "base")  // alembic
    sink.add(Kind::changes_remote, "sql.drop-database");
}

constexpr CommandSpec kDatabaseCommands[] = {
    {"psql cockroach", kPsql, Order::permuted, psql},
    {"mysql mariadb clickhouse-client clickhouse sqlcmd mycli cqlsh snowsql", kMysql, Order::permuted, mysql},
    {"mysqladmin", kMysql, Order::permuted, mysqladmin},
    {"memcached-tool", {}, Order::permuted, memcached},
    {"dropdb dropuser pg_dropcluster", kDropDatabase, Order::permuted, drop_database},
    {"sqlite3 sqlite duckdb", kSqlite, Order::single_dash, sqlite},
    {"mongosh mongo mongorestore", kMongo, Order::permuted, mongo},
    {"redis-cli valkey-cli keydb-cli", kRedis, Order::leading, redis},
    {"rails rake artisan prisma sequelize knex typeorm drizzle-kit alembic console manage.py mix", kRails,
     Order::permuted, framework},
};

}  // namespace

std::span<const CommandSpec> database_commands() { return kDatabaseCommands; }

}  // namespace cmdai::commands
