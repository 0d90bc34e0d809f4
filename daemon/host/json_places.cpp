#include "daemon/host/json_places.hpp"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "daemon/host/files.hpp"

namespace cmdai::host {
namespace {

using Json = nlohmann::ordered_json;

/// Goes over the text and says how far the parser has read. Copies share the count.
class Counting {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Counting(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  Counting& operator++() {
    ++at_;
    if (furthest_ != nullptr && at_ > *furthest_) *furthest_ = at_;
    return *this;
  }
  Counting operator++(int) {
    Counting before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Counting& a, const Counting& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

/// The parser's end of it: builds the value, remembers places.
class Builder {
 public:
  Builder(const std::string& text, const char** furthest, Json& root, JsonPlaces& places)
      : text_(text), furthest_(furthest), root_(root), places_(places) {}

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(Json::number_integer_t value) { return put(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return put(value); }
  bool number_float(Json::number_float_t value, const std::string&) { return put(value); }
  bool string(std::string& value) { return put(value); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return shut(); }
  bool end_array() { return shut(); }
  bool key(std::string& name) {
    const JsonPlaces::Place here = last_string();
    if (stack_.back()->contains(name)) {
      wrong = here;
      problem = fmt::format("the key `{}` stands here a second time", name);
      return false;
    }
    name_ = name;
    places_.keys[pointer()] = here;
    return true;
  }
  /// `position`: how many bytes were read, the last of them are `token`.
  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) {
    const std::string what = error.what();
    const size_t dash = what.find(" - ");
    const size_t end = std::min(position, text_.size());
    // A token that is none has what stands before it in front.
    const bool read = what.find("; last read: ") == std::string::npos;
    const size_t length = std::clamp<size_t>(read ? token.size() : 1, 1, std::max<size_t>(end, 1));
    wrong = {static_cast<uint32_t>(end - std::min(length, end)), static_cast<uint32_t>(length)};
    problem = "is no JSON: " + (dash == std::string::npos ? what : what.substr(dash + 3));
    return false;
  }

  std::string problem;
  JsonPlaces::Place wrong;

 private:
  size_t offset() const { return static_cast<size_t>(*furthest_ - text_.data()); }

  /// The string that ends where the parser is.
  JsonPlaces::Place last_string() const {
    const size_t close = text_.rfind('"', offset() == 0 ? 0 : offset() - 1);
    size_t begin = close == std::string::npos || close == 0 ? 0 : text_.rfind('"', close - 1);
    while (begin != std::string::npos && begin > 0 && escaped(begin)) begin = text_.rfind('"', begin - 1);
    if (begin == std::string::npos) begin = 0;
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(close - begin + 1)};
  }
  bool escaped(size_t quote) const {
    size_t slashes = 0;
    while (quote > slashes && text_[quote - 1 - slashes] == '\\') ++slashes;
    return slashes % 2 == 1;
  }
  /// What was read last: a string, or the word that ends here.
  JsonPlaces::Place last_value(const Json& value) const {
    if (value.is_string()) return last_string();
    const size_t end = std::min(offset(), text_.size());
    const size_t last = text_.find_last_not_of(" \t\r\n,]}", end == 0 ? 0 : end - 1);
    const size_t before =
        last == std::string::npos ? std::string::npos : text_.find_last_of(" \t\r\n,[:", last);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    return {static_cast<uint32_t>(begin),
            static_cast<uint32_t>(last == std::string::npos ? 1 : last + 1 - begin)};
  }

  std::string pointer() const {
    std::string out;
    for (size_t i = 0; i < stack_.size(); ++i)
      out +=
          '/' + (stack_[i]->is_array()   ? std::to_string(stack_[i]->size() - (i + 1 < stack_.size() ? 1 : 0))
                 : i + 1 < stack_.size() ? names_[i + 1]
                                         : name_);
    return out;
  }

  Json* add(Json value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *stack_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[name_] = std::move(value));
  }
  bool put(Json value) {
    places_.values[pointer()] = last_value(value);
    add(std::move(value));
    return true;
  }
  bool open(Json value) {
    places_.values[pointer()] = {static_cast<uint32_t>(offset() == 0 ? 0 : offset() - 1), 1};
    Json* const made = add(std::move(value));
    names_.push_back(name_);
    stack_.push_back(made);
    return true;
  }
  bool shut() {
    stack_.pop_back();
    name_ = names_.back();
    names_.pop_back();
    return true;
  }

  const std::string& text_;
  const char** furthest_;
  Json& root_;
  JsonPlaces& places_;
  std::vector<Json*> stack_;
  std::vector<std::string> names_;  ///< the member each of the stack is in its parent
  std::string name_;
};

}  // namespace

Result<void> read_json(const std::string& file, const std::string& text, Json& out, JsonPlaces& places) {
  const char* furthest = text.data();
  Builder builder(text, &furthest, out, places);
  const Counting begin(text.data(), &furthest);
  const Counting end(text.data() + text.size(), nullptr);
  if (Json::sax_parse(begin, end, &builder)) return {};
  return fail(diagnostic_at(text, file, builder.wrong.offset, builder.wrong.length, builder.problem));
}

}  // namespace cmdai::host
