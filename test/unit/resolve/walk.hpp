#pragma once
// What a line would run, as the evaluator reports it: one line a case.
//
//   rm -rf /x            an invocation; its arguments between blanks; [a b] holds a blank, [] is empty
//   rm $X …              a hole: a variable's name, or … for what has none
//   A=1 rm >/f           assignments before, redirects behind; <{text} is standard input that is known
//   a; b                 in the order of their report; (A=1) and (>/f) have no program; !why is opaque
#include <string>
#include <string_view>
#include <vector>

#include "libcore/resolve/evaluator.hpp"

namespace cmdai::resolve {

/// A visitor that knows three programs: echo and printf write their arguments, eval and `sh -c` run theirs.
class Recorder : public CommandVisitor {
 public:
  Value on_invocation(const Invocation& call, Evaluator& evaluator) override;
  void on_bare(const Invocation& call, Evaluator& evaluator) override;
  void on_opaque(Place place, std::string_view why) override;
  std::string text() const { return out_; }
  size_t invocations() const { return invocations_; }

 private:
  void add(const std::string& entry);
  static std::string entry(const Invocation& call);
  std::string out_;
  size_t invocations_ = 0;
};

/// A session in /home/u/p of u, whose home is /home/u.
Session session(std::string_view dialect);
std::string walk(const Session& session, std::string_view line);
std::string walk(std::string_view dialect, std::string_view line);

struct Line {
  std::string source;
  std::string expected;
};
void check_lines(std::string_view dialect, const std::vector<Line>& lines);

}  // namespace cmdai::resolve
