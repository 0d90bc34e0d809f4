#include "libcore/commands/sql.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace cmdai::commands {
namespace {

/// Words of a statement, upper case; strings and comments left out, so that a mention is no statement.
std::vector<std::vector<std::string>> statements(std::string_view sql) {
  std::vector<std::vector<std::string>> out(1);
  for (size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    if (c == '\'' || c == '"' || c == '`') {
      const size_t end = std::min(sql.find(c, i + 1), sql.size());
      if (c != '\'') out.back().emplace_back("NAME");
      i = end + 1;
    } else if (sql.substr(i).starts_with("--") &&
               (i + 2 >= sql.size() || sql[i + 2] == ' ' || sql[i + 2] == '\n')) {
      i = std::min(sql.find('\n', i), sql.size());
    } else if (sql.substr(i).starts_with("/*")) {
      i = std::min(sql.find("*/", i), sql.size() - std::min<size_t>(2, sql.size())) + 2;
    } else if (c == ';') {
      out.emplace_back();
      ++i;
    } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      std::string word;
      while (i < sql.size() &&
             (std::isalnum(static_cast<unsigned char>(sql[i])) != 0 || sql[i] == '_' || sql[i] == '.'))
        word += static_cast<char>(std::toupper(static_cast<unsigned char>(sql[i++])));
      out.back().push_back(std::move(word));
    } else {
      if (c == '=' || c == '<' || c == '>') out.back().emplace_back(1, c);
      ++i;
    }
  }
  return out;
}

bool has_word(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

void judge_sql(std::string_view sql, Sink& sink, resolve::Place place) {
  for (const std::vector<std::string>& s : statements(sql)) {
    if (s.empty()) continue;
    const std::string& verb = s[0];
    const std::string second = s.size() > 1 ? s[1] : "";
    std::string_view tag;
    if (verb == "DROP" && (second == "DATABASE" || second == "SCHEMA" || second == "KEYSPACE"))
      tag = "sql.drop-database";
    else if (verb == "DROP" && (second == "TABLE" || second == "MATERIALIZED"))
      tag = "sql.drop-table";
    else if (verb == "DROP" && (second == "USER" || second == "ROLE" || second == "COLLECTION" ||
                                second == "TABLESPACE" || second == "OWNED"))
      tag = "sql.drop";
    else if (verb == "TRUNCATE")
      tag = "sql.truncate";
    else if (verb == "DELETE" && !has_word(s, "WHERE") && !has_word(s, "LIMIT"))
      tag = "sql.delete-all";
    else if (verb == "UPDATE" && has_word(s, "SET") && !has_word(s, "WHERE"))
      tag = "sql.update-all";
    else if (verb == "ALTER" && has_word(s, "DROP") && has_word(s, "COLUMN"))
      tag = "sql.drop";
    else if (verb == "DELETE" && s.size() == 5 && has_word(s, "WHERE"))
      tag = "sql.delete-all";  // WHERE 1, WHERE TRUE
    if (tag.empty()) continue;
    Effect& e = sink.add(Kind::changes_remote, tag, place);
    for (size_t i = 0; i < std::min<size_t>(s.size(), 4); ++i) e.target.text += (i > 0 ? " " : "") + s[i];
  }
}

bool makes_tables_anew(std::string_view sql) {
  size_t dropped = 0, made = 0, others = 0;
  for (const std::vector<std::string>& s : statements(sql)) {
    const bool table = s.size() > 1 && s[1] == "TABLE";
    dropped += table && s[0] == "DROP" ? 1 : 0;
    made += table && s[0] == "CREATE" ? 1 : 0;
    others += !s.empty() && (s[0] == "TRUNCATE" || s[0] == "DELETE" || (s[0] == "DROP" && !table)) ? 1 : 0;
  }
  return dropped > 0 && dropped <= made && others == 0;
}

}  // namespace cmdai::commands
