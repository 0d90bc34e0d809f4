#include "daemon/ipc/frame.hpp"

#include <algorithm>
#include <charconv>

namespace cmdai::ipc {
namespace {

constexpr std::string_view kMagic = "cmdai/1 ";
constexpr size_t kMaxType = 16;

/// What a header may have for a body of that size.
size_t longest_header(size_t body) { return kMagic.size() + kMaxType + 1 + std::to_string(body).size() + 1; }

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_type(std::string_view type) {
  return !type.empty() && type.size() <= kMaxType &&
         std::all_of(type.begin(), type.end(), [](char c) { return is_lower(c) || c == '-'; });
}

bool is_key(std::string_view key) {
  const auto inner = [](char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  };
  return !key.empty() && is_lower(key.front()) && std::all_of(key.begin(), key.end(), inner);
}

size_t body_size(const Frame& frame) {
  size_t size = 0;
  for (const auto& [key, value] : frame.fields) size += key.size() + 1 + value.size() + 1;
  return size;
}

bool read_body(std::string_view body, Frame& frame) {
  while (!body.empty()) {
    const size_t end = std::min(body.find('\0'), body.size());
    const std::string_view field = body.substr(0, end);
    const size_t equals = field.find('=');
    if (equals == std::string_view::npos || !is_key(field.substr(0, equals))) return false;
    frame.fields.emplace_back(field.substr(0, equals), field.substr(equals + 1));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return true;
}

}  // namespace

Frame& Frame::add(std::string key, std::string_view value) {
  std::string clean(value);
  std::erase(clean, '\0');
  fields.emplace_back(std::move(key), std::move(clean));
  return *this;
}

const std::string* Frame::find(std::string_view key) const {
  const auto it = std::find_if(fields.begin(), fields.end(), [key](const auto& f) { return f.first == key; });
  return it == fields.end() ? nullptr : &it->second;
}

std::string Frame::get(std::string_view key, std::string_view otherwise) const {
  const std::string* value = find(key);
  return value != nullptr ? *value : std::string(otherwise);
}

std::string encode(const Frame& frame) {
  std::string out(kMagic);
  out += frame.type + ' ' + std::to_string(body_size(frame)) + '\n';
  for (const auto& [key, value] : frame.fields) {
    out += key;
    out += '=';
    out += value;
    out += '\0';
  }
  return out;
}

bool fits(const Frame& frame) { return body_size(frame) <= kMaxBody; }

std::string_view to_string(FrameError error) {
  return error == FrameError::too_large ? "too-large" : "bad-frame";
}

bool FrameReader::read_header() {
  const size_t newline = buffer_.find('\n');
  const std::string_view seen = std::string_view(buffer_).substr(0, std::min(newline, buffer_.size()));
  const bool begins_well = seen.substr(0, kMagic.size()) == kMagic.substr(0, seen.size());
  if (!begins_well || seen.size() > longest_header(most_)) error_ = FrameError::bad_frame;
  if (error_ || newline == std::string::npos) return false;
  if (seen.size() < kMagic.size()) {
    error_ = FrameError::bad_frame;
    return false;
  }
  const std::string_view rest = seen.substr(kMagic.size());
  const size_t blank = rest.find(' ');
  const std::string_view digits =
      blank == std::string_view::npos ? std::string_view() : rest.substr(blank + 1);
  size_t length = 0;
  const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (!is_type(rest.substr(0, blank)) || digits.empty() || failure != std::errc() ||
      stop != digits.data() + digits.size()) {
    error_ = FrameError::bad_frame;
    return false;
  }
  if (length > most_) {
    error_ = FrameError::too_large;
    return false;
  }
  type_ = rest.substr(0, blank);
  length_ = length;
  buffer_.erase(0, newline + 1);
  return true;
}

std::optional<Frame> FrameReader::next() {
  if (error_ || (!length_ && !read_header()) || !length_) return std::nullopt;
  if (buffer_.size() < *length_) return std::nullopt;
  Frame frame(type_);
  if (!read_body(std::string_view(buffer_).substr(0, *length_), frame)) {
    error_ = FrameError::bad_frame;
    return std::nullopt;
  }
  buffer_.erase(0, *length_);
  length_.reset();
  return frame;
}

}  // namespace cmdai::ipc
