#include "libcore/policy/matcher.hpp"

#include <algorithm>

#include "libcore/base/unicode.hpp"
#include "libcore/base/wildcard.hpp"

namespace cmdai::policy {
namespace {

bool any_matches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [text](const std::string& p) { return wildcard_match(p, text); });
}

bool flag_holds(Flag wanted, bool is) { return !wanted || *wanted == is; }

bool bit_holds(uint32_t bits, unsigned index) { return bits == 0 || (bits >> index & 1U) != 0; }

bool effect_holds(const Condition& c, const effects::Effect& e) {
  const effects::Target& t = e.target;
  if (!bit_holds(c.kinds, static_cast<unsigned>(e.kind))) return false;
  if (!bit_holds(c.paths, static_cast<unsigned>(t.path_class))) return false;
  if (!bit_holds(c.worst, static_cast<unsigned>(t.worst))) return false;
  if (!bit_holds(c.certainties, static_cast<unsigned>(e.certainty))) return false;
  if (c.losses != 0 && !e.facts.losses.meets(c.losses)) return false;
  if (!bit_holds(c.reaches, static_cast<unsigned>(e.facts.reach))) return false;
  if (!bit_holds(c.branches, static_cast<unsigned>(e.facts.branch))) return false;
  if (!flag_holds(c.recursive, e.recursive) || !flag_holds(c.force, e.force)) return false;
  if (!flag_holds(c.privileged, e.privileged) || !flag_holds(c.elsewhere, t.elsewhere)) return false;
  if (!flag_holds(c.exact, t.exact) || !flag_holds(c.glob, t.glob)) return false;
  if (!c.tags.empty() && !any_matches(c.tags, e.tag)) return false;
  if (!c.targets.empty() && !any_matches(c.targets, t.text)) return false;
  if (!c.details.empty() && !any_matches(c.details, e.detail)) return false;
  if (!c.programs.empty() && !any_matches(c.programs, e.program)) return false;
  return c.via.empty() ||
         std::any_of(e.via.begin(), e.via.end(), [&](const std::string& v) { return any_matches(c.via, v); });
}

/// Operands are what does not begin with a dash; `words` asks for the first of them.
bool words_hold(const std::vector<std::string>& words, const commands::CallSummary& call) {
  size_t matched = 0;
  for (size_t i = 1; i < call.argv.size() && matched < words.size(); ++i) {
    if (call.argv[i].starts_with('-')) continue;
    if (!wildcard_match(words[matched], call.argv[i])) return false;
    ++matched;
  }
  return matched == words.size();
}

/// Whether `name` was typed with a value that fits: `--name=VALUE`, `--name VALUE`, `-n VALUE`, `-nVALUE`.
bool value_given(std::string_view name, std::string_view wanted, const commands::CallSummary& call) {
  const bool letter = name.size() == 2 && name[1] != '-';
  for (size_t i = 1; i < call.argv.size() && call.argv[i] != "--"; ++i) {
    std::string_view argument = call.argv[i];
    if (!argument.starts_with(name)) continue;
    argument.remove_prefix(name.size());
    if (argument.empty()) {
      if (i + 1 < call.argv.size() && wildcard_match(wanted, call.argv[i + 1])) return true;
    } else if (argument.front() == '=') {
      if (wildcard_match(wanted, argument.substr(1))) return true;
    } else if (letter && wildcard_match(wanted, argument)) {
      return true;
    }
  }
  return false;
}

bool option_given(const std::string& option, const commands::CallSummary& call) {
  if (!option.starts_with('-'))
    return std::find(call.options.begin(), call.options.end(), option) != call.options.end();
  if (const size_t equals = option.find('='); equals != std::string::npos)
    return value_given(std::string_view(option).substr(0, equals),
                       std::string_view(option).substr(equals + 1), call);
  return std::any_of(call.argv.begin(), call.argv.end(),
                     [&](const std::string& a) { return a == option || a.starts_with(option + "="); });
}

bool call_holds(const CallTest& test, const commands::CallSummary& call) {
  if (!test.programs.empty() && !any_matches(test.programs, call.program)) return false;
  if (!flag_holds(test.known, call.known)) return false;
  if (!test.words.empty() &&
      std::none_of(test.words.begin(), test.words.end(), [&](const auto& w) { return words_hold(w, call); }))
    return false;
  const auto given = [&call](const std::string& option) { return option_given(option, call); };
  if (!test.options.empty() && std::none_of(test.options.begin(), test.options.end(), given)) return false;
  if (std::any_of(test.without.begin(), test.without.end(), given)) return false;
  return test.arguments.empty() ||
         std::any_of(call.argv.begin() + 1, call.argv.end(),
                     [&](const std::string& a) { return any_matches(test.arguments, a); });
}

}  // namespace

const std::vector<Matcher::TextHit>& Matcher::text_hits() {
  if (text_hits_) return *text_hits_;
  text_hits_.emplace();
  const auto& sources = input_.analysis->sources;
  for (uint32_t s = 0; s < std::max<size_t>(sources.size(), 1); ++s) {
    const std::string_view text = s == 0 ? input_.command : std::string_view(sources[s].text);
    for (const int pattern : patterns_.search(text))
      text_hits_->push_back({static_cast<uint32_t>(pattern), s});
  }
  return *text_hits_;
}

std::vector<uint32_t> Matcher::patterns_found() {
  std::vector<uint32_t> out;
  for (const TextHit& hit : text_hits()) out.push_back(hit.pattern);
  return out;
}

const std::optional<Range>& Matcher::hidden() {
  if (!hidden_) hidden_ = find_hidden(input_.command);
  return *hidden_;
}

const commands::CallSummary* Matcher::find_call(const CallTest& test) {
  const auto [known, fresh] = calls_.try_emplace(&test, nullptr);
  if (!fresh) return known->second;
  const auto& calls = input_.analysis->calls;
  const auto it =
      std::find_if(calls.begin(), calls.end(), [&](const auto& call) { return call_holds(test, call); });
  if (it != calls.end()) known->second = &*it;
  return known->second;
}

/// Whether it is true of some effect of the line.
bool Matcher::somewhere(const Condition& c) {
  if (const auto known = somewhere_.find(&c); known != somewhere_.end()) return known->second;
  const auto& all = input_.analysis->effects;
  const bool found =
      std::any_of(all.begin(), all.end(), [&](const effects::Effect& e) { return holds(c, &e); });
  somewhere_.emplace(&c, found);
  return found;
}

bool Matcher::text_holds(const Condition& c) {
  const auto& hits = text_hits();
  return std::any_of(hits.begin(), hits.end(), [&](const TextHit& h) {
    return std::find(c.texts.begin(), c.texts.end(), h.pattern) != c.texts.end();
  });
}

bool Matcher::line_holds(const Condition& c) {
  if (c.longer_than != 0 && input_.command.size() <= c.longer_than) return false;
  if (c.statuses != 0 && !bit_holds(c.statuses, static_cast<unsigned>(input_.analysis->status))) return false;
  if (c.hidden && *c.hidden != hidden().has_value()) return false;
  if (c.call && find_call(*c.call) == nullptr) return false;
  return c.texts.empty() || text_holds(c);
}

bool Matcher::holds(const Condition& c, const effects::Effect* effect) {
  if (c.about_effect && (effect == nullptr || !effect_holds(c, *effect))) return false;
  if (!line_holds(c)) return false;
  const auto here = [&](const Condition& part) { return holds(part, effect); };
  if (!std::all_of(c.all.begin(), c.all.end(), here)) return false;
  if (!c.any.empty() && std::none_of(c.any.begin(), c.any.end(), here)) return false;
  if (std::any_of(c.none.begin(), c.none.end(), here)) return false;
  return std::all_of(c.beside.begin(), c.beside.end(),
                     [&](const Condition& part) { return somewhere(part); });
}

resolve::Place Matcher::place(const Condition& c) {
  if (c.call)
    if (const auto* call = find_call(*c.call)) return call->place;
  if (c.hidden == true && hidden()) return {0, *hidden()};
  if (!c.texts.empty())
    for (const TextHit& hit : text_hits())
      if (std::find(c.texts.begin(), c.texts.end(), hit.pattern) != c.texts.end()) {
        const std::string_view text =
            hit.source == 0 ? input_.command : std::string_view(input_.analysis->sources[hit.source].text);
        return {hit.source, patterns_.find(hit.pattern, text).value_or(Range{})};
      }
  for (const auto* parts : {&c.all, &c.any})
    for (const Condition& part : *parts)
      if (const resolve::Place found = place(part); !found.range.empty()) return found;
  return {0, {0, 0}};
}

}  // namespace cmdai::policy
