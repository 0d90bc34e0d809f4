#include "test/unit/syntax/properties.hpp"

namespace cmdai::syntax {
namespace {

/// Walks the whole tree with the range that encloses each node; keeps the first complaint.
class Checker {
 public:
  explicit Checker(const Tree& tree) : tree_(tree) {}

  std::string run() {
    if (tree_.script == nullptr) return "no script";
    script(*tree_.script, {0, static_cast<uint32_t>(tree_.source.size())});
    return std::move(complaint_);
  }

 private:
  void require(bool condition, const char* what, Range range) {
    if (condition || !complaint_.empty()) return;
    complaint_ = std::string(what) + " at " + std::to_string(range.begin) + '-' + std::to_string(range.end);
  }

  void nests(Range parent, Range child, const char* what) {
    require(child.begin <= child.end && parent.contains(child), what, child);
  }

  void script(const Script& s, Range parent) {
    if (!s.own_source.empty())  // unescaped backquotes: positions of their own
      parent = {0, static_cast<uint32_t>(s.own_source.size())};
    nests(parent, s.range, "script outside of its parent");
    uint32_t at = s.range.begin;
    for (const Statement& one : s.statements) {
      nests(s.range, one.range, "statement outside of its script");
      require(one.range.begin >= at, "statements out of order", one.range);
      at = one.range.begin;
      for (const Link& link : one.links) pipeline(link.pipeline, s.range);
    }
  }

  void pipeline(const Pipeline& p, Range parent) {
    nests(parent, p.range, "pipeline outside of its script");
    for (const Stage& stage : p.stages) {
      require(stage.command != nullptr, "a stage without a command", p.range);
      if (stage.command != nullptr) command(*stage.command, p.range);
    }
  }

  void command(const Command& c, Range parent) {
    nests(parent, c.range, "command outside of its pipeline");
    for (const Assignment& a : c.assigns) {
      nests(c.range, a.range, "assignment outside of its command");
      require(a.value != nullptr, "an assignment without a value", a.range);
      if (a.index != nullptr) word(*a.index, a.range);
      if (a.value != nullptr) word(*a.value, a.range);
    }
    words(c.words, c.range);
    words(c.arguments(), c.range);
    for (const Redirect& r : c.redirects) {
      nests(c.range, r.range, "redirect outside of its command");
      if (r.target != nullptr) word(*r.target, r.range);
      if (r.body != nullptr) word(*r.body, {0, static_cast<uint32_t>(-1)});  // behind its line
    }
    for (const Clause& clause : c.clauses()) {
      words(clause.patterns, c.range);
      if (clause.condition != nullptr) script(*clause.condition, c.range);
      if (clause.body != nullptr) script(*clause.body, c.range);
    }
    if (c.body() != nullptr) script(*c.body(), c.range);
  }

  void words(std::span<const Word* const> list, Range parent) {
    for (const Word* w : list) {
      require(w != nullptr, "a null word", parent);
      if (w != nullptr) word(*w, parent);
    }
  }

  void word(const Word& w, Range parent) {
    nests(parent, w.range, "word outside of its parent");
    for (const Part& p : w.parts) {
      nests(w.range, p.range, "part outside of its word");
      words(p.words(), p.range);
      require(!p.runs() || p.script() != nullptr, "a substitution without a script", p.range);
      require(p.kind != PartKind::parameter || p.parameter() != nullptr, "a parameter without its parts",
              p.range);
      if (p.runs() && p.script() != nullptr) {
        script(*p.script(), p.range);
        words(p.script()->slices, p.range);
      }
      if (p.kind != PartKind::parameter || p.parameter() == nullptr) continue;
      for (const Word* inner : {p.parameter()->index, p.parameter()->argument, p.parameter()->argument2})
        if (inner != nullptr) word(*inner, p.range);
    }
  }

  const Tree& tree_;
  std::string complaint_;
};

std::string broken_tokens(const Tree& tree) {
  std::string all;
  for (const Token& t : tree.tokens) {
    if (t.range.empty()) return "an empty token";
    all += tree.source.substr(t.range.begin, t.range.size());
  }
  return all == tree.source ? "" : "tokens do not concatenate to the source";
}

}  // namespace

std::string broken_property(const Tree& tree, bool tokens_kept) {
  std::string complaint = Checker(tree).run();
  if (complaint.empty() && tokens_kept && !tree.source.empty()) complaint = broken_tokens(tree);
  return complaint;
}

}  // namespace cmdai::syntax
