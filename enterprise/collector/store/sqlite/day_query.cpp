#include "enterprise/collector/store/sqlite/day_query.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cmdai::collector::sqlite {

namespace {

constexpr std::string_view kColumns =
    "SELECT e.id, e.position, e.seq, e.received, e.time, d.text, c.text, coalesce(g.text, ''), "
    "coalesce(t.text, ''), "
    "coalesce(a.text, ''), coalesce(r.text, ''), coalesce(w.text, ''), coalesce(n.text, ''), "
    "coalesce(u.text, ''), "
    "coalesce(h.text, ''), e.text, e.uid FROM ";
constexpr std::string_view kWords =
    " LEFT JOIN word d ON d.id = e.device LEFT JOIN word c ON c.id = e.chain LEFT JOIN word g ON g.id = "
    "e.grp LEFT JOIN word t "
    "ON t.id = e.type LEFT JOIN word a ON a.id = e.action LEFT JOIN word r ON r.id = e.rule LEFT JOIN word w "
    "ON w.id = e.actor "
    "LEFT JOIN word n ON n.id = e.agent LEFT JOIN word u ON u.id = e.user LEFT JOIN word h ON h.id = e.host "
    "WHERE 1";

std::optional<std::int64_t> find_word(Database& database, const std::string& text) {
  Rows rows = database.run("SELECT id FROM word WHERE text = ?1", text);
  if (!rows.next()) return std::nullopt;
  return rows.integer(0);
}

bool holds_letter(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](unsigned char c) {
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

}  // namespace

std::string match_expression(std::string_view typed) {
  std::string all;
  std::size_t at = 0;
  while (at < typed.size()) {
    if (typed[at] == ' ' || typed[at] == '\t' || typed[at] == '\n') {
      ++at;
      continue;
    }
    const bool phrase = typed[at] == '"';
    if (phrase) ++at;
    const std::size_t end =
        std::min(phrase ? typed.find('"', at) : typed.find_first_of(" \t\n\"", at), typed.size());
    std::string_view word = typed.substr(at, end - at);
    at = phrase ? end + 1 : end;
    const bool prefix = !phrase && !word.empty() && word.back() == '*';
    if (prefix) word.remove_suffix(1);
    if (!holds_letter(word)) continue;  // signs are no words to FTS5: `-` alone would match nothing
    all.append(all.empty() ? "\"" : " \"").append(word).append(prefix ? "\"*" : "\"");
  }
  return all;
}

DayQuery::DayQuery(const EventQuery& query, std::uint64_t before, std::size_t limit)
    : query_(query), before_(before), limit_(limit) {}

void DayQuery::where(std::string_view condition, Value value) {
  values_.push_back(std::move(value));
  conditions_.append(" AND ").append(condition).append("?").append(std::to_string(values_.size()));
}

bool DayQuery::resolve(Database& database) {
  const std::array<std::pair<std::string_view, const std::string*>, 8> words = {
      {{"e.device = ", &query_.device},
       {"e.grp = ", &query_.group},
       {"e.action = ", &query_.action},
       {"e.rule <> 0 AND e.rule = ", &query_.rule},
       {"e.actor = ", &query_.actor},
       {"e.agent <> 0 AND e.agent = ", &query_.agent},
       {"e.user = ", &query_.user},
       {"e.type = ", &query_.type}}};
  for (const auto& [condition, word] : words) {
    if (word->empty()) continue;
    const auto id = find_word(database, *word);
    if (!id) return false;
    where(condition, *id);
  }
  if (query_.stopped) conditions_ += " AND e.stopped = 1";
  if (query_.from) where("e.time >= ", *query_.from);
  if (query_.to) where("e.time < ", *query_.to);
  // With a text FTS5 leads: it walks its rows from the newest, so that the first page is found without
  // reading the rest.
  const std::string match = match_expression(query_.text);
  const std::string id = match.empty() ? "e.id" : "found.rowid";
  if (before_ != 0) where(id + " < ", static_cast<std::int64_t>(before_));
  if (!match.empty()) where("found MATCH ", match);
  sql_.append(kColumns)
      .append(match.empty() ? "event e" : "found CROSS JOIN event e ON e.id = found.rowid")
      .append(kWords);
  sql_.append(conditions_).append(" ORDER BY " + id + " DESC LIMIT ").append(std::to_string(limit_));
  return true;
}

void DayQuery::bind(Rows& rows) const {
  int at = 0;
  for (const Value& value : values_) {
    ++at;
    if (const auto* number = std::get_if<std::int64_t>(&value))
      rows.bind(at, *number);
    else
      rows.bind(at, std::string_view(std::get<std::string>(value)));
  }
}

IndexRow row_of(const Rows& rows) {
  IndexRow row;
  row.position = rows.number(1);
  row.seq = rows.number(2);
  row.received = rows.integer(3);
  row.time = rows.integer(4);
  std::string* const texts[] = {&row.device, &row.chain, &row.group, &row.type, &row.action, &row.rule,
                                &row.actor,  &row.agent, &row.user,  &row.host, &row.text,   &row.uid};
  int column = 5;
  for (std::string* text : texts) *text = rows.text(column++);
  return row;
}

}  // namespace cmdai::collector::sqlite
