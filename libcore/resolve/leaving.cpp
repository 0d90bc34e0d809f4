// What a line leaves to the next one of its session.
#include <optional>

#include "libcore/resolve/evaluator_impl.hpp"
#include "libcore/resolve/memory.hpp"

namespace cmdai::resolve {
namespace {

using Known = std::map<std::string, std::string, std::less<>>;  ///< what the line began with
using Kept = std::map<std::string, Memory::Text, std::less<>>;

/// A scalar's value; of one that branches gave several the last, since each is one it may have.
std::optional<std::string> value_of(const Variable& variable) {
  if (variable.array || variable.reference || variable.items.size() != 1) return std::nullopt;
  const Value& value = variable.alternatives.empty() ? variable.items.front() : variable.alternatives.back();
  if (has(value.taint, Taint::secret)) return std::nullopt;
  return value.text();
}

/// The text between `{` and `}`, where it is a plain part of what was read.
std::optional<std::string> text_of(const Function& function, const std::vector<SourceText>& sources) {
  if (function.body == nullptr || function.shift != 0 || !function.body->own_source.empty())
    return std::nullopt;
  const std::string& source = sources[function.source].text;
  const Range range = function.body->range;
  if (range.end > source.size() || range.begin >= range.end) return std::nullopt;
  return source.substr(range.begin, range.end - range.begin);
}

void keep(const std::string& name, const std::optional<std::string>& text, const Known& known, uint64_t line,
          Kept& kept) {
  const auto before = known.find(name);
  const bool changed = before == known.end() || before->second != text;
  if (!text || text->size() > Memory::kLongest)
    kept.erase(name);
  else if (changed)
    kept[name] = {*text, line};
  else if (const auto old = kept.find(name); old != kept.end())
    old->second.text = *text;  // what the shell itself says is newer
}

/// What the line began with and is gone was taken away by it.
template <class Map>
void drop_missing(const Known& known, const Map& now, Kept& kept) {
  for (const auto& [name, text] : known)
    if (now.find(name) == now.end()) kept.erase(name);
}

}  // namespace

void Evaluator::leave(Memory& memory) const {
  const Impl& self = *impl_;
  const Session& began = self.session;
  if (memory.shell != began.dialect.shell) {
    memory.variables.clear();
    memory.functions.clear();
    memory.aliases.clear();
    memory.shell = began.dialect.shell;
  }
  if (self.complained || status() != syntax::Status::complete) return;
  for (const auto& [name, variable] : self.state.variables)
    keep(name, is_secret_name(name) || name == "PWD" ? std::nullopt : value_of(variable), began.variables,
         memory.line, memory.variables);
  drop_missing(began.variables, self.state.variables, memory.variables);
  for (const auto& [name, function] : self.state.functions) {
    std::optional<std::string> text = text_of(function, self.sources);
    if (function.dialect.shell != began.dialect.shell || (text && may_hold_secret(*text))) text.reset();
    keep(name, text, began.functions, memory.line, memory.functions);
  }
  drop_missing(began.functions, self.state.functions, memory.functions);
  for (const auto& [name, text] : self.state.aliases)
    keep(name, may_hold_secret(text) ? std::nullopt : std::optional(text), began.aliases, memory.line,
         memory.aliases);
  drop_missing(began.aliases, self.state.aliases, memory.aliases);
  const std::optional<std::string> here = self.state.cwd.text();
  memory.cwd = here && here->starts_with('/') && !self.state.cwd.has_glob() ? *here : std::string();
}

}  // namespace cmdai::resolve
