#include "libcore/commands/filling.hpp"

namespace cmdai::commands {

Value filled(Sink& sink, const Value& word, std::string_view mark, const Value& with) {
  Value out;
  for (const resolve::Piece& p : word.pieces()) {
    if (p.hole) {
      out.append(Value::unknown(*p.hole, p.text, p.active));
      continue;
    }
    size_t from = 0;
    for (size_t at = p.text.find(mark); at != std::string::npos; at = p.text.find(mark, from)) {
      if (!sink.spend(with.size())) return out;
      out.append_literal(std::string_view(p.text).substr(from, at - from), p.active);
      out.append(with);
      from = at + mark.size();
    }
    out.append_literal(std::string_view(p.text).substr(from), p.active);
  }
  out.taint = out.taint | word.taint;
  return out;
}

std::vector<Argument> filled(Sink& sink, std::vector<Argument> words, std::string_view mark,
                             const Value& with) {
  for (Argument& word : words) word.value = filled(sink, word.value, mark, with);
  return words;
}

bool mentions(const Argument& word, std::string_view mark) {
  return word.value.with_holes_empty().find(mark) != std::string::npos;
}

}  // namespace cmdai::commands
