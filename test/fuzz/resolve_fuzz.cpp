// Any bytes as a line that is read and evaluated, with a session that knows a variable, an alias and a
// function; what the line hands to eval is evaluated in turn. It ends within the limits, every place lies in
// its source, and every invocation has words.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "libcore/resolve/evaluator.hpp"

using namespace cmdai;
using namespace cmdai::resolve;

namespace {

constexpr const char* kDialects[] = {"bash", "zsh", "fish", "sh", "bash-interactive", "zsh-interactive"};

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

class Visitor : public CommandVisitor {
 public:
  Value on_invocation(const Invocation& call, Evaluator& evaluator) override {
    require(!call.argv.empty(), "an invocation without words");
    check(call, evaluator);
    if (call.program == "echo" && call.argv.size() == 2) return call.argv[1].value;
    if (call.program != "eval" || call.argv.size() < 2) return Value::unknown(HoleKind::output);
    return evaluator.run_code(call.argv[1].value, call.dialect, call, {}, call.place);
  }
  void on_bare(const Invocation& call, Evaluator& evaluator) override {
    require(call.argv.empty(), "a bare redirect with words");
    check(call, evaluator);
  }
  void on_opaque(Place, std::string_view why) override { require(!why.empty(), "opaque without a reason"); }

 private:
  static void check(const Invocation& call, Evaluator& evaluator) {
    require(call.place.source < evaluator.sources().size(), "a place in no source");
    for (const Argument& a : call.argv) {
      require(a.place.source < evaluator.sources().size(), "an argument in no source");
      static_cast<void>(a.value.display());
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  Session session;
  session.dialect = dialect_from_name(kDialects[data[0] % std::size(kDialects)]).value();
  session.home = "/home/u";
  session.cwd = "/home/u/p";
  session.variables["v"] = "a b/*";
  session.aliases["ll"] = "ls -l ";
  session.functions["f"] = "echo $1 $@";
  Visitor visitor;
  Evaluator evaluator(session, visitor);
  evaluator.run({reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
