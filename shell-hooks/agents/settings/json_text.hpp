#pragma once
// JSON of somebody else, changed without disturbing it: what is put in or taken out is cut into the text, and
// every other byte (comments, order, indentation, line ends) stays.
//
// nlohmann_json says whether the text is JSON (comments are allowed) and what it means; where things are in
// it, which it does not tell, is found here.
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::agents {

using Json = nlohmann::ordered_json;
using JsonPath = std::vector<std::string>;

class JsonText {
 public:
  /// Blank text counts as `{}`. Error: not JSON, or no object; with its place in `file`.
  static Result<JsonText> parse(std::string text, std::string_view file);

  const std::string& text() const { return text_; }
  const Json& value() const { return value_; }
  /// What is at a path of member names; null: nothing.
  const Json* find(const JsonPath& path) const;

  /// Adds an element to the array at `path`, which is made, with what leads to it, where it is missing.
  /// Error: something on the way is of another kind.
  Result<void> append(const JsonPath& path, const Json& element);
  /// Sets a member; makes what is missing on the way.
  Result<void> set(const JsonPath& path, const Json& value);
  /// Puts another value in the place of an element of the array at `path`.
  void replace(const JsonPath& path, size_t index, const Json& element);
  /// Takes an element out of the array at `path`, and the array and what holds it as far as they become
  /// empty.
  void remove(const JsonPath& path, size_t index);
  /// Takes a member out, in the same way.
  void remove(const JsonPath& path);

 private:
  struct Node {
    enum class Kind { object, array, other };
    Kind kind = Kind::other;
    size_t begin = 0, end = 0;  ///< of the value
    size_t outer = 0;           ///< where the element begins: its key in an object, else `begin`
    std::string key;
    std::vector<Node> inner;
  };
  class Scanner;

  Result<void> read();
  const Node* node_at(const JsonPath& path) const;
  /// As far as the path leads; `depth`: how many of its names were found.
  const Node& deepest(const JsonPath& path, size_t& depth) const;
  Result<void> insert(const JsonPath& path, Json value, bool into_array);
  void insert_into(const Node& container, std::string_view key, const Json& value);
  void cut(const Node& container, size_t index);
  void edit(size_t begin, size_t end, std::string_view by);
  Diagnostic wrong_kind(const Node& node, const JsonPath& path, size_t depth, std::string_view wanted) const;

  std::string indent_of_line(size_t at) const;
  std::string unit() const;
  std::string_view newline() const;
  std::string written(const Json& value, const std::string& indent) const;

  std::string text_, file_;
  Json value_;
  Node root_;
};

}  // namespace cmdai::agents
