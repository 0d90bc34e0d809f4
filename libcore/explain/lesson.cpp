// The walk over a line for the lesson: every command in the order it is written, with what stands around it.
#include "libcore/explain/lesson.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "libcore/base/text.hpp"
#include "libcore/explain/call_parts.hpp"
#include "libcore/explain/redirect_words.hpp"
#include "libcore/explain/watched_calls.hpp"
#include "libcore/syntax/parse.hpp"

namespace cmdai::explain {
namespace {

using resolve::Place;
using resolve::SourceText;
using syntax::Command;
using syntax::CommandKind;
using syntax::Part;
using syntax::PartKind;
using syntax::Script;
using syntax::Word;

constexpr size_t kMostSteps = 200;
constexpr size_t kMostBytes = 32 * 1024;  ///< of all texts: a frame holds the lesson twice, as text and JSON
constexpr size_t kMostText = 64 * 1024;   ///< bytes of a line that are worth a lesson
constexpr uint32_t kDeepest = 40;         ///< constructs and codes in one another

std::string clipped(std::string_view text, size_t most = 200) {
  text = trimmed(text, " \t\r\n");
  std::string out(text.substr(0, most));
  if (out.size() < text.size()) out += "…";
  return out;
}

/// Which text a script's ranges point into, and how far that is from the source's beginning.
struct Where {
  uint32_t source = 0;
  uint32_t shift = 0;
  std::string_view text;
  uint32_t depth = 0;

  std::string_view slice(Range range) const {
    const size_t end = std::min<size_t>(range.end, text.size());
    return range.begin < end ? text.substr(range.begin, end - range.begin) : std::string_view();
  }
  Place place(Range range) const { return {source, {range.begin + shift, range.end + shift}}; }
  Where deeper() const {
    Where out = *this;
    ++out.depth;
    return out;
  }
};

struct Joint {
  std::string op, says;
};

std::string without_quotes(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\'' && c != '"' && c != '\\') out += c;
  return out;
}

class Teacher {
 public:
  Teacher(const resolve::Session& session, const std::vector<SourceText>& sources, const WatchedCalls& calls,
          Lesson& lesson)
      : session_(session), sources_(sources), calls_(calls), written_(sources), lesson_(lesson) {}

  /// A source as a whole.
  void source(uint32_t index, const Dialect& dialect, uint32_t depth, Joint joint) {
    if (depth > kDeepest || sources_[index].text.size() > kMostText) {
      lesson_.complete = false;
      return;
    }
    const syntax::Tree tree = syntax::parse(sources_[index].text, dialect);
    joint_ = std::move(joint);
    script(*tree.script, {index, 0, tree.source, depth});
  }

  /// Code that stands beside the command that runs it: the lines of a here-document.
  void rest() { codes({0, {0, UINT32_MAX}}, 1); }

 private:
  void script(const Script& script, Where where) {
    if (where.depth > kDeepest) {
      lesson_.complete = false;
      return;
    }
    if (!script.own_source.empty()) {
      where.shift += script.own_source_begin;
      where.text = script.own_source;
    }
    std::string_view before;
    for (const syntax::Statement& s : script.statements) {
      if (!before.empty() && joint_.op.empty())
        joint_ = {before == "\n" ? "" : std::string(before), std::string(operator_words(before))};
      statement(s, where);
      before = s.terminator.empty() ? std::string_view(";") : s.terminator.view();
      joint_ = {};
    }
  }

  void statement(const syntax::Statement& s, const Where& where) {
    if (s.terminator.starts_with('&')) add_note(fmt::format("in the background ({})", s.terminator.view()));
    uint32_t end = s.range.begin;
    for (const syntax::Link& link : s.links) {
      if (!link.op.empty())
        joint_ = {as_written({end, link.pipeline.range.begin}, link.op, where),
                  std::string(operator_words(link.op))};
      end = link.pipeline.range.end;
      if (link.pipeline.negations % 2 == 1) add_note("success and failure swapped (!)");
      if (link.pipeline.timed) add_note("with the time it takes (time)");
      std::string_view pipe;
      for (const syntax::Stage& stage : link.pipeline.stages) {
        if (!pipe.empty()) joint_ = {std::string(pipe), std::string(operator_words(pipe))};
        if (stage.command != nullptr) command(*stage.command, where);
        pipe = stage.pipe;
      }
    }
  }

  /// fish's `and` and `or` are && and || to the tree.
  static std::string as_written(Range between, std::string_view op, const Where& where) {
    const std::vector<std::string> words = words_in(where.slice(between), " \t\r\n;");
    return !words.empty() && (words.back() == "and" || words.back() == "or") ? words.back() : std::string(op);
  }

  void add_note(std::string_view words) {
    joint_.says += (joint_.says.empty() ? "" : ", ") + std::string(words);
  }

  bool is_full() const { return lesson_.steps.size() >= kMostSteps || size_ > kMostBytes; }

  LessonStep* add(LessonStep step, const Where& where) {
    size_ += step.text.size() + step.says.size();
    for (const LessonPart& p : step.parts) size_ += p.text.size() + p.says.size() + p.resolved.size();
    if (is_full()) {
      lesson_.complete = false;
      joint_ = {};
      return nullptr;
    }
    step.depth = where.depth;
    step.joint = std::move(joint_.op);
    step.joint_says = std::move(joint_.says);
    joint_ = {};
    lesson_.steps.push_back(std::move(step));
    return &lesson_.steps.back();
  }

  LessonStep* construct(std::string text, std::string says, const Where& where) {
    LessonStep step;
    step.kind = LessonStep::Kind::construct;
    step.text = std::move(text);
    step.says = std::move(says);
    return add(std::move(step), where);
  }

  void body(const Script* inner, const Where& where) {
    joint_ = {};
    if (inner != nullptr) script(*inner, where.deeper());
    joint_ = {};
  }

  void command(const Command& c, const Where& where) {
    if (is_full()) lesson_.complete = false;
    if (!lesson_.complete) return;
    switch (c.kind) {
      case CommandKind::simple: return simple(c, where);
      case CommandKind::test:
        return one(c, where, "[[", "tests whether this holds; its answer is success or failure");
      case CommandKind::arithmetic: return one(c, where, "((", "computes; success unless it comes to 0");
      case CommandKind::unread:  // what an unclosed quote holds has been shown with its command
        if (!lesson_.steps.empty() && lesson_.steps.back().text.ends_with(clipped(where.slice(c.range))))
          return;
        construct(clipped(where.slice(c.range)), "could not be read", where);
        return;
      default: return compound(c, where);
    }
  }

  /// [[ … ]] and (( … )): no program, but as good as one.
  void one(const Command& c, const Where& where, std::string_view name, std::string_view says) {
    LessonStep step;
    step.program = name;
    step.text = clipped(where.slice(c.range));
    step.says = says;
    redirects(c, nullptr, where, step.parts);
    add(std::move(step), where);
    substitutions(c, where);
  }

  void compound(const Command& c, const Where& where) {
    const std::string words = word_list(c.words, where);
    LessonStep* head = nullptr;
    switch (c.kind) {
      case CommandKind::if_: return clauses_of_if(c, where);
      case CommandKind::while_: return loop(c, where, "while", "again and again, as long as this works:");
      case CommandKind::until: return loop(c, where, "until", "again and again, until this works:");
      case CommandKind::for_:
        head = construct(fmt::format("for {}{}{}", c.name(), c.has_in ? " in " : "", words),
                         fmt::format("once for {}, each time as ${}:",
                                     c.has_in ? "each of these words" : "each argument", c.name()),
                         where);
        break;
      case CommandKind::c_for:
        head = construct(fmt::format("for (({}))", word_list(c.words, where, "; ")),
                         "first, then as long as the second holds, and the third after each turn:", where);
        break;
      case CommandKind::select:
        head = construct(fmt::format("select {} in {}", c.name(), words),
                         fmt::format("asks which of these is wanted, again and again, as ${}:", c.name()),
                         where);
        break;
      case CommandKind::case_: return clauses_of_case(c, where, words);
      case CommandKind::function:
        functions_.insert(words);
        head = construct(
            words.empty() ? "function" : words + "()",
            words.empty() ? "runs at once, with variables of its own:"
                          : fmt::format("gives this the name {}; it runs when {} is called:", words, words),
            where);
        break;
      case CommandKind::subshell:
        head = construct("( … )", "in a shell of its own: a cd or a variable set in there is gone afterwards",
                         where);
        break;
      case CommandKind::coproc:
        head = construct(fmt::format("coproc {}", c.name()),
                         "in the background, with pipes to and from it:", where);
        break;
      case CommandKind::repeat: head = construct("repeat " + words, "so many times:", where); break;
      default: head = construct("{ … }", "as one command:", where);
    }
    if (head != nullptr) redirects(c, nullptr, where, head->parts);
    substitutions(c, where);
    body(c.body(), where);
    for (const syntax::Clause& clause : c.clauses()) {  // of `always`
      construct("always", "and in any case, at the end:", where);
      body(clause.body, where);
    }
  }

  void clauses_of_if(const Command& c, const Where& where) {
    bool first = true;
    for (const syntax::Clause& clause : c.clauses()) {
      const bool otherwise = clause.condition == nullptr;
      LessonStep* head = construct(otherwise ? "else"
                                   : first   ? "if"
                                             : "else if",
                                   otherwise ? "otherwise:"
                                   : first   ? "tries this:"
                                             : "otherwise tries this:",
                                   where);
      if (head != nullptr && first) redirects(c, nullptr, where, head->parts);
      first = false;
      if (!otherwise) {
        body(clause.condition, where);
        construct("then", "if that worked:", where);
      }
      body(clause.body, where);
    }
  }

  void loop(const Command& c, const Where& where, std::string name, std::string says) {
    if (LessonStep* head = construct(std::move(name), std::move(says), where))
      redirects(c, nullptr, where, head->parts);
    substitutions(c, where);
    for (const syntax::Clause& clause : c.clauses()) {
      body(clause.condition, where);
      construct("do", "each time:", where);
      body(clause.body, where);
    }
    if (c.body() != nullptr) body(c.body(), where);
  }

  void clauses_of_case(const Command& c, const Where& where, const std::string& subject) {
    if (LessonStep* head = construct("case " + subject, "by what this is:", where))
      redirects(c, nullptr, where, head->parts);
    substitutions(c, where);
    for (const syntax::Clause& clause : c.clauses()) {
      construct(word_list(clause.patterns, where, "|") + ")", "if it fits this pattern:", where.deeper());
      for (const Word* pattern : clause.patterns) word(pattern, where.deeper());
      body(clause.body, where.deeper());
    }
  }

  std::string word_list(const syntax::List<const Word*>& words, const Where& where,
                        std::string_view between = " ") const {
    std::string out;
    for (const Word* w : words) {
      if (w == nullptr) continue;
      if (!out.empty()) out += between;
      out += where.slice(w->range);
      if (out.size() > 200) break;
    }
    return clipped(out);
  }

  void simple(const Command& c, const Where& where) {
    const WatchedCall* watched = c.words.empty() ? nullptr : calls_.at(where.place(c.range));
    LessonStep step;
    step.text = clipped(where.slice(c.range));
    if (watched != nullptr)
      fill(step, watched->call);
    else
      fill_unseen(step, c, where);
    assignments(c, watched != nullptr ? &watched->call : calls_.bare_at(where.place(c.range)), where,
                step.parts);
    redirects(c, watched != nullptr ? &watched->call : calls_.bare_at(where.place(c.range)), where,
              step.parts);
    add(std::move(step), where);
    substitutions(c, where);
    uint32_t depth = where.depth + 1;
    if (watched != nullptr && run_by(*watched, where.deeper())) depth = lesson_.steps.back().depth + 1;
    codes(where.place(c.range), depth);
  }

  void fill(LessonStep& step, const resolve::Invocation& call) const {
    CallWords words = describe_call(call, session_, written_);
    step.program = call.program.empty() ? call.argv.front().value.display() : call.program;
    step.says = std::move(words.says);
    step.described = words.described;
    step.parts = std::move(words.parts);
    if (words.described) return;
    if (call.program.empty())
      step.says = "which program this is will only be known when it runs";
    else if (call.argv.front().value.prefix().find('/') != std::string::npos)
      step.says = "a program or script by its path; what it does is not known here";
    else
      step.says = "not a program that cmdai can describe";
  }

  /// A command the analysis did not come to as a call: an alias, a function, or one that cannot run.
  void fill_unseen(LessonStep& step, const Command& c, const Where& where) const {
    if (c.words.empty()) {
      step.program = "";
      step.says =
          c.assigns.empty() ? "opens or empties files and runs nothing" : "sets variables of the shell";
      return;
    }
    const std::string name = without_quotes(where.slice(c.words.front()->range));
    step.program = name;
    step.described = false;
    const auto alias = std::find_if(sources_.begin(), sources_.end(), [&](const SourceText& s) {
      return s.name == "alias " + name && s.parent == where.source;
    });
    if (alias != sources_.end()) {
      step.says = "an alias, for what follows";
      step.described = true;
    } else if (session_.functions.count(name) != 0 || functions_.count(name) != 0) {
      step.says = "a function";
      step.described = true;
    } else {
      resolve::Invocation call;  // read as if it ran: options and what they are for do not depend on it
      for (const Word* w : c.words)
        call.argv.push_back(
            {resolve::Value::exact(without_quotes(where.slice(w->range))), where.place(w->range), nullptr});
      call.program = name.substr(name.rfind('/') + 1);
      call.place = where.place(c.range);
      fill(step, call);
    }
  }

  /// What a program runs by its own words: sudo, xargs, find -exec.
  bool run_by(const WatchedCall& call, const Where& where) {
    if (where.depth > kDeepest) return false;
    bool some = false;
    for (const WatchedCall* inner : calls_.run_by(call)) {
      LessonStep step;
      for (const resolve::Argument& a : inner->call.argv) {
        const bool whole = a.place.range == inner->call.place.range;
        step.text += (step.text.empty() ? "" : " ") + (whole ? a.value.display() : written_.at(a));
      }
      step.text = clipped(step.text);
      fill(step, inner->call);
      joint_ = {call.call.program, fmt::format("what {} runs", call.call.program)};
      some |= add(std::move(step), where) != nullptr;
      run_by(*inner, where.deeper());
    }
    return some;
  }

  /// Texts of this command that are code: sh -c '…', eval, what an alias stands for.
  void codes(Place place, uint32_t depth) {
    std::set<std::string> shown;
    for (uint32_t i = 1; i < sources_.size(); ++i) {
      const SourceText& s = sources_[i];
      if (s.file || s.parent != place.source || s.parent_range.empty() ||
          !place.range.contains(s.parent_range) || !taken_.insert(i).second)
        continue;
      if (s.text.empty() || shown.size() >= 3 || !shown.insert(s.text).second) continue;
      const Dialect dialect = calls_.dialect_of(i).value_or(session_.dialect);
      const bool alias = s.name.starts_with("alias ");
      source(i, dialect, depth,
             alias ? Joint{"", "the alias stands for"} : Joint{"code", "this text is read as commands"});
      joint_ = {};
    }
  }

  void assignments(const Command& c, const resolve::Invocation* call, const Where& where,
                   std::vector<LessonPart>& parts) const {
    std::vector<LessonPart> out;
    for (size_t i = 0; i < c.assigns.size() && i < 20; ++i) {
      const syntax::Assignment& a = c.assigns[i];
      LessonPart part;
      part.kind = LessonPart::Kind::assignment;
      part.text = clipped(where.slice(a.range));
      part.says = fmt::format("{} the variable {}{}", a.append ? "adds to" : "sets", a.name.view(),
                              c.words.empty() || c.declaration ? "" : ", for this command only");
      if (call != nullptr && i < call->assigns.size() && call->assigns[i].name == a.name &&
          !call->assigns[i].elements) {
        const resolve::Argument value{call->assigns[i].value, call->assigns[i].place, nullptr};
        part.resolved = resolve_value(value, ValueKind::plain, *call, session_,
                                      a.value != nullptr ? std::string(where.slice(a.value->range)) : "");
      }
      out.push_back(std::move(part));
    }
    parts.insert(parts.begin(), out.begin(), out.end());
  }

  void redirects(const Command& c, const resolve::Invocation* call, const Where& where,
                 std::vector<LessonPart>& parts) const {
    for (size_t i = 0; i < c.redirects.size() && i < 20; ++i) {
      const syntax::Redirect& r = c.redirects[i];
      LessonPart part;
      part.kind = LessonPart::Kind::redirect;
      part.text = clipped(where.slice(r.range));
      const std::string target = r.target != nullptr ? std::string(where.slice(r.target->range)) : "";
      part.says = redirect_words(r.op, r.fd, without_quotes(target));
      if (call != nullptr)
        for (const resolve::ResolvedRedirect& resolved : call->redirects)
          if (resolved.place.range == where.place(r.range).range && is_file(r.op, target))
            part.resolved = resolve_value({resolved.target, resolved.place, nullptr}, ValueKind::path, *call,
                                          session_, target);
      parts.push_back(std::move(part));
    }
  }

  static bool is_file(std::string_view op, std::string_view target) {
    return !op.starts_with("<<") && !target.starts_with("/dev/") &&
           target.find('(') == std::string_view::npos &&
           !((op == ">&" || op == "<&") && target.find_first_not_of("0123456789-") == std::string_view::npos);
  }

  // --- what runs inside words

  void substitutions(const Command& c, const Where& where) {
    const Where inner = where.deeper();
    for (const syntax::Assignment& a : c.assigns) {
      word(a.index, inner);
      word(a.value, inner);
    }
    for (const Word* w : c.words) word(w, inner);
    for (const Word* w : c.arguments()) word(w, inner);
    for (const syntax::Redirect& r : c.redirects) {
      word(r.target, inner);
      word(r.body, inner);
    }
  }

  void word(const Word* w, const Where& where) {
    if (w == nullptr || where.depth > kDeepest) return;
    for (const Part& part : w->parts) {
      if (part.runs()) {
        if (part.script() == nullptr) continue;
        joint_ = part.kind == PartKind::command
                     ? Joint{where.text.substr(part.range.begin, 1) == "(" ? "(…)" : "$(…)",
                             "its output takes this place"}
                 : part.text == std::string_view(">")
                     ? Joint{">(…)", "reads what is written into this \"file\""}
                     : Joint{"<(…)", "its output can be read like a file"};
        script(*part.script(), where);
        joint_ = {};
      } else if (part.kind == PartKind::parameter) {
        if (const syntax::Parameter* p = part.parameter())
          for (const Word* inner : {p->index, p->argument, p->argument2}) word(inner, where.deeper());
      } else {
        for (const Word* inner : part.words()) word(inner, where.deeper());
      }
    }
  }

  const resolve::Session& session_;
  const std::vector<SourceText>& sources_;
  const WatchedCalls& calls_;
  const WrittenWords written_;
  Lesson& lesson_;
  size_t size_ = 0;
  Joint joint_;  ///< of the step that comes next
  std::set<std::string> functions_;
  std::set<uint32_t> taken_;  ///< sources that have been shown
};

}  // namespace

Lesson teach(std::string_view command, const resolve::Session& session, Probe* probe) {
  Lesson lesson;
  if (command.size() > kMostText) {
    lesson.complete = false;
    return lesson;
  }
  WatchedCalls calls;
  const commands::Analysis analysis = commands::analyze(command, session, probe, nullptr, &calls);
  if (analysis.sources.empty()) return lesson;
  Teacher teacher(session, analysis.sources, calls, lesson);
  teacher.source(0, session.dialect, 0, {});
  teacher.rest();
  return lesson;
}

}  // namespace cmdai::explain
