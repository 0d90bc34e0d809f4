#include "shell-hooks/agents/settings/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cmdai::agents {
namespace {

constexpr size_t kMostDepth = 200;
constexpr std::string_view kBlank = " \t\r\n";

bool is_blank(char c) { return kBlank.find(c) != std::string_view::npos; }

std::string dumped(const Json& value, int indent = -1, char with = ' ') {
  return value.dump(indent, with, false, Json::error_handler_t::replace);
}

/// "[json.exception…] parse error at line 1, column 2: syntax error …" without what we say ourselves.
std::string reason_of(const Json::parse_error& error) {
  std::string text = error.what();
  const size_t column = text.find("column ");
  const size_t colon = text.find(": ", column == std::string::npos ? 0 : column);
  if (colon != std::string::npos) text.erase(0, colon + 2);
  return text;
}

}  // namespace

/// Finds where things are in a text that is known to be JSON with comments.
class JsonText::Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Node document() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    skip();
    return value(0);
  }
  bool too_deep() const { return too_deep_; }

  void skip() {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        ++at_;
      } else if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_).starts_with("/*")) {
        at_ = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
      } else {
        return;
      }
    }
  }
  void go_to(size_t at) { at_ = at; }
  size_t at() const { return at_; }

 private:
  std::string string() {
    const size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    return Json::parse(text_.substr(begin, at_ - begin)).get<std::string>();
  }

  Node value(size_t depth) {
    Node out;
    out.begin = out.outer = at_;
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '{' || c == '[') {
      out.kind = c == '{' ? Node::Kind::object : Node::Kind::array;
      container(out, depth);
    } else if (c == '"') {
      string();
    } else {
      while (at_ < text_.size() && !is_blank(text_[at_]) &&
             std::string_view(",]}/").find(text_[at_]) == std::string_view::npos)
        ++at_;
    }
    out.end = at_;
    return out;
  }

  void container(Node& out, size_t depth) {
    if (depth >= kMostDepth) {
      too_deep_ = true;
      at_ = text_.size();
      return;
    }
    const char close = out.kind == Node::Kind::object ? '}' : ']';
    ++at_;
    for (skip(); at_ < text_.size() && text_[at_] != close; skip()) {
      if (text_[at_] == ',') {
        ++at_;
        continue;
      }
      const size_t outer = at_;
      std::string key;
      if (out.kind == Node::Kind::object) {
        key = string();
        skip();
        ++at_;  // the colon
        skip();
      }
      Node inner = value(depth + 1);
      inner.outer = outer;
      inner.key = std::move(key);
      out.inner.push_back(std::move(inner));
    }
    ++at_;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool too_deep_ = false;
};

Result<JsonText> JsonText::parse(std::string text, std::string_view file) {
  JsonText out;
  out.text_ = std::move(text);
  out.file_ = file;
  if (out.text_.find_first_not_of(kBlank) == std::string::npos) out.text_ = "{}\n";
  if (auto done = out.read(); !done) return fail(done.error());
  return out;
}

Result<void> JsonText::read() {
  try {
    value_ = Json::parse(text_, nullptr, true, true);
  } catch (const Json::parse_error& error) {
    const size_t at = std::min(error.byte == 0 ? 0 : error.byte - 1, text_.size());
    return fail(diagnostic_at(text_, file_, static_cast<uint32_t>(at), 1,
                              "not valid JSON: " + reason_of(error),
                              "mend the file first; nothing was changed"));
  }
  Scanner scanner(text_);
  root_ = scanner.document();
  if (scanner.too_deep())
    return fail(diagnostic_at(text_, file_, 0, 1, fmt::format("nested more than {} deep", kMostDepth)));
  if (root_.kind != Node::Kind::object)
    return fail(diagnostic_at(text_, file_, static_cast<uint32_t>(root_.begin), 1,
                              "the file does not hold a JSON object",
                              "mend the file first; nothing was changed"));
  return {};
}

const JsonText::Node& JsonText::deepest(const JsonPath& path, size_t& depth) const {
  const Node* node = &root_;
  for (depth = 0; depth < path.size() && node->kind == Node::Kind::object; ++depth) {
    // Of two members of one name the last one counts, as for those who read the file.
    const auto found = std::find_if(node->inner.rbegin(), node->inner.rend(),
                                    [&](const Node& n) { return n.key == path[depth]; });
    if (found == node->inner.rend()) break;
    node = &*found;
  }
  return *node;
}

const JsonText::Node* JsonText::node_at(const JsonPath& path) const {
  size_t depth = 0;
  const Node& node = deepest(path, depth);
  return depth == path.size() ? &node : nullptr;
}

const Json* JsonText::find(const JsonPath& path) const {
  const Json* value = &value_;
  for (const std::string& name : path) {
    if (!value->is_object()) return nullptr;
    const auto it = value->find(name);
    if (it == value->end()) return nullptr;
    value = &*it;
  }
  return value;
}

void JsonText::edit(size_t begin, size_t end, std::string_view by) {
  text_.replace(begin, end - begin, by);
  (void)read();  // our own edits keep it JSON; the tests and verify() of the callers hold them to it
}

std::string JsonText::indent_of_line(size_t at) const {
  const size_t newline = text_.rfind('\n', at == 0 ? 0 : at - 1);
  const size_t begin = newline == std::string::npos || at == 0 ? 0 : newline + 1;
  const size_t end = std::min(text_.find_first_not_of(" \t", begin), text_.size());
  return text_.substr(begin, end - begin);
}

/// What one step inwards is in this file.
std::string JsonText::unit() const {
  if (root_.inner.empty()) return "  ";
  const size_t first = root_.inner.front().outer;
  if (text_.find('\n', root_.begin) >= first) return "  ";
  const std::string outer = indent_of_line(root_.begin);
  const std::string inner = indent_of_line(first);
  return inner.size() > outer.size() ? inner.substr(outer.size()) : "  ";
}

std::string_view JsonText::newline() const {
  const size_t at = text_.find('\n');
  return at != std::string::npos && at > 0 && text_[at - 1] == '\r' ? "\r\n" : "\n";
}

/// A value over several lines, all but the first of them indented.
std::string JsonText::written(const Json& value, const std::string& indent) const {
  const std::string step = unit();
  std::string out;
  for (const char c : dumped(value, static_cast<int>(step.size()), step[0])) {
    if (c == '\n')
      out.append(newline()).append(indent);
    else
      out += c;
  }
  return out;
}

void JsonText::insert_into(const Node& container, std::string_view key, const Json& value) {
  const std::string name = key.empty() ? std::string() : dumped(Json(key)) + ":";
  const size_t close = container.end - 1;
  const std::string_view body =
      std::string_view(text_).substr(container.begin, container.end - container.begin);
  const bool one_line = body.find('\n') == std::string_view::npos;
  if (one_line && !container.inner.empty()) {
    const size_t last = container.inner.back().end;
    const bool airy = body.find(", ") != std::string_view::npos || body.find(": ") != std::string_view::npos;
    return edit(
        last, last,
        fmt::format(",{}{}{}{}", airy ? " " : "", name, airy && !name.empty() ? " " : "", dumped(value)));
  }
  const std::string outer = indent_of_line(container.begin);
  const std::string inner =
      container.inner.empty() || one_line ? outer + unit() : indent_of_line(container.inner.back().outer);
  // Comments behind the last element stay behind it.
  const size_t after = container.inner.empty() ? container.begin + 1 : container.inner.back().end;
  std::string gap = text_.substr(after, close - after);
  gap.erase(gap.find_last_not_of(kBlank) + 1);
  const std::string added =
      fmt::format("{}{}{}{}{}{}{}{}{}", container.inner.empty() ? "" : ",", gap, newline(), inner, name,
                  name.empty() ? "" : " ", written(value, inner), newline(), outer);
  edit(after, close, added);
}

Diagnostic JsonText::wrong_kind(const Node& node, const JsonPath& path, size_t depth,
                                std::string_view wanted) const {
  std::string name;
  for (size_t i = 0; i < depth; ++i) name += (i == 0 ? "" : ".") + path[i];
  return diagnostic_at(
      text_, file_, static_cast<uint32_t>(node.outer), static_cast<uint32_t>(node.key.size() + 2),
      fmt::format("`{}` is not {}", name, wanted), "mend the file first; nothing was changed");
}

Result<void> JsonText::insert(const JsonPath& path, Json value, bool into_array) {
  size_t depth = 0;
  const Node& node = deepest(path, depth);
  if (depth == path.size()) {
    if (!into_array) {
      edit(node.begin, node.end, dumped(value));
      return {};
    }
    if (node.kind != Node::Kind::array) return fail(wrong_kind(node, path, depth, "an array"));
    insert_into(node, {}, value);
    return {};
  }
  if (node.kind != Node::Kind::object) return fail(wrong_kind(node, path, depth, "an object"));
  if (into_array) value = Json::array({std::move(value)});
  for (size_t i = path.size() - 1; i > depth; --i) value = Json::object({{path[i], std::move(value)}});
  insert_into(node, path[depth], value);
  return {};
}

Result<void> JsonText::append(const JsonPath& path, const Json& element) {
  return insert(path, element, true);
}

Result<void> JsonText::set(const JsonPath& path, const Json& value) { return insert(path, value, false); }

void JsonText::replace(const JsonPath& path, size_t index, const Json& element) {
  const Node* array = node_at(path);
  if (array == nullptr || index >= array->inner.size()) return;
  const Node& old = array->inner[index];
  const bool one_line =
      std::string_view(text_).substr(old.begin, old.end - old.begin).find('\n') == std::string_view::npos;
  edit(old.begin, old.end, one_line ? dumped(element) : written(element, indent_of_line(old.begin)));
}

/// Takes one element out, with its comma and the white space before it. Comments stay.
void JsonText::cut(const Node& container, size_t index) {
  const Node& node = container.inner[index];
  Scanner scanner(text_);
  size_t begin = node.outer;
  size_t end = node.end;
  if (index + 1 < container.inner.size()) {  // with the comma behind it
    scanner.go_to(end);
    scanner.skip();
    end = scanner.at() + 1;
    while (end < text_.size() && is_blank(text_[end])) ++end;
  } else if (index > 0) {  // the last one: with the comma before it
    scanner.go_to(container.inner[index - 1].end);
    scanner.skip();
    const size_t comma = scanner.at();
    const size_t line = std::min(text_.find_first_not_of(" \t\r", end), text_.size());
    const size_t trimmed = text_.find_last_not_of(kBlank, begin - 1) + 1;
    // What ends a line comment before it must stay when nothing behind it does.
    if (trimmed == comma + 1 || (line < text_.size() && text_[line] == '\n')) begin = trimmed;
    if (begin > comma + 1) {
      edit(begin, end, "");
      return edit(comma, comma + 1, "");
    }
    begin = comma;
  } else {
    const std::string_view before =
        std::string_view(text_).substr(container.begin + 1, begin - container.begin - 1);
    const std::string_view behind = std::string_view(text_).substr(end, container.end - 1 - end);
    if (before.find_first_not_of(kBlank) == std::string_view::npos &&
        behind.find_first_not_of(kBlank) == std::string_view::npos) {
      begin = container.begin + 1;
      end = container.end - 1;
    }
  }
  edit(begin, end, "");
}

void JsonText::remove(const JsonPath& path, size_t index) {
  const Node* array = node_at(path);
  if (array == nullptr || array->kind != Node::Kind::array || index >= array->inner.size()) return;
  const bool last = array->inner.size() == 1;
  cut(*array, index);
  if (last) remove(path);
}

void JsonText::remove(const JsonPath& path) {
  JsonPath outer(path.begin(), path.end() - 1);
  const Node* object = node_at(outer);
  if (object == nullptr) return;
  for (size_t i = object->inner.size(); i-- > 0;) {
    if (object->inner[i].key != path.back()) continue;
    const bool last = object->inner.size() == 1;
    cut(*object, i);
    if (last && !outer.empty()) remove(outer);
    return;
  }
}

}  // namespace cmdai::agents
