#include "libcore/resolve/value.hpp"

namespace cmdai::resolve {

Value Value::exact(std::string text) {
  Value v;
  if (!text.empty()) v.pieces_.push_back({std::move(text), std::nullopt, false});
  return v;
}

Value Value::unknown(HoleKind kind, std::string name, bool active) {
  Value v;
  v.pieces_.push_back({std::move(name), kind, active});
  return v;
}

bool Value::is_exact() const {
  for (const Piece& p : pieces_)
    if (p.hole) return false;
  return true;
}

bool Value::has_glob() const {
  for (const Piece& p : pieces_)
    if (!p.hole && p.active && p.text.find_first_of("*?[") != std::string::npos) return true;
  return false;
}

size_t Value::size() const {
  size_t sum = 0;
  for (const Piece& p : pieces_) sum += sizeof(Piece) + p.text.size();
  return sum;
}

bool Value::may_vanish() const {
  for (const Piece& p : pieces_)
    if (!p.hole || !p.active) return false;
  return !pieces_.empty();
}

std::optional<std::string> Value::text() const {
  if (!is_exact()) return std::nullopt;
  return with_holes_empty();
}

std::string Value::prefix() const {
  std::string out;
  for (const Piece& p : pieces_) {
    if (p.hole) break;
    out += p.text;
  }
  return out;
}

std::string Value::suffix() const {
  std::string out;
  for (const Piece& p : pieces_) {
    if (p.hole)
      out.clear();
    else
      out += p.text;
  }
  return out;
}

std::string Value::with_holes_empty() const {
  std::string out;
  for (const Piece& p : pieces_)
    if (!p.hole) out += p.text;
  return out;
}

std::string Value::display() const {
  std::string out;
  for (const Piece& p : pieces_) {
    if (!p.hole)
      out += p.text;
    else if (p.text.empty())
      out += "…";
    else
      out += '$' + p.text;
  }
  return out;
}

Value Value::up_to_nul() const {
  Value out;
  out.taint = taint;
  for (const Piece& p : pieces_) {
    const size_t nul = p.hole ? std::string::npos : p.text.find('\0');
    if (nul != std::string::npos) {
      out.append_literal(std::string_view(p.text).substr(0, nul), p.active);
      break;
    }
    out.pieces_.push_back(p);
  }
  return out;
}

void Value::append(const Value& other) {
  for (const Piece& p : other.pieces_) {
    if (!p.hole)
      append_literal(p.text, p.active);
    else
      pieces_.push_back(p);
  }
  taint = taint | other.taint;
}

void Value::append_literal(std::string_view text, bool active) {
  if (text.empty()) return;
  if (!pieces_.empty() && !pieces_.back().hole && pieces_.back().active == active)
    pieces_.back().text += text;
  else
    pieces_.push_back({std::string(text), std::nullopt, active});
}

}  // namespace cmdai::resolve
