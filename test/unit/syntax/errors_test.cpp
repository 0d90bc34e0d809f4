// Incomplete, invalid: three answers, and what still runs.
#include "test/unit/syntax/table.hpp"

namespace cmdai::syntax {

TEST_CASE("incomplete: a shell would ask for more") {
  check("bash sh zsh", {
                           {"a '", "incomplete: ~a ''; ~?\"'\""},
                           {"a \"b", "incomplete: ~a 'b'; ~?\"\"b\""},
                           {"a $(", "incomplete: ~a $()"},
                           {"a ${b", "incomplete: ~a ${bbad, }; ~?\"${b\""},
                           {"a `b", "incomplete: ~a $(b); ~?\"`b\""},
                           {"a $((1", "incomplete: ~a $(()); ~?\"$((1\""},
                           {"if a", "incomplete: ~if[a: -]"},
                           {"if a; then", "incomplete: ~if[a: ]"},
                           {"if a; then b; else", "incomplete: ~if[a: b | ]"},
                           {"while a; do", "incomplete: ~while[a: ]"},
                           {"for i in a", "incomplete: ~for i in a[-]"},
                           {"{ a", "incomplete: ~{ a }"},
                           {"(a", "incomplete: ~( a )"},
                           {"f() {", "incomplete: ~f(){ {  } }"},
                           {"a |", "incomplete: ~a | "},
                           {"case a in", "incomplete: ~case a[: -]"},
                           {"case a in b) c", "incomplete: ~case a[b: c]"},
                           {"case", "incomplete: ~case []"},
                           {"a \"$(b", "incomplete: ~a $(b)"},
                           {"a <<", "incomplete: ~a <<"},
                       });
}

TEST_CASE("incomplete behind && but for a zsh that reads a whole text") {
  check("bash sh zsh-interactive", {{"a &&", "incomplete: ~a"}, {"a ||\n", "incomplete: ~a"}});
  check("zsh", {
                   {"a &&", "a"},
                   {"a ||\n", "a"},
                   {"while a", "while[a: ]"},
                   {"for i in b;", "for i in b[]"},
                   {"for i", "for i[]"},
                   {"{ while }", "{ while[: ] }"},
                   {"function f", "f(){ - }"},
                   {"for i in a", "incomplete: ~for i in a[-]"},
                   {"if a", "incomplete: ~if[a: -]"},
               });
}

TEST_CASE("incomplete in bash") {
  check("bash", {
                    {"[[ a", "incomplete: ~[[ a ]]"},
                    {"((a", "incomplete: ~(( a )); ~?\"((a\""},
                    {"a[b", "incomplete: ~; ~?\"[b\""},
                    {"for ((;;", "incomplete: ~for [-]; ~?\"((;;\""},
                    {"a=(b", "incomplete: ~a=(b)"},
                    {"a &&\n# c\n", "incomplete: ~a"},
                    {"a \"${b:-$(", "incomplete: ~a ${b:- $()}"},
                });
}

TEST_CASE("invalid in bash and sh") {
  check("bash sh", {
                       {"if a; fi", "invalid: ~if[a: -]; ~?\"fi\""},
                       {"for i in a; b; done", "invalid: ~for i in a[-]; ~?\"b; done\""},
                   });
}

TEST_CASE("invalid: a shell would complain") {
  check("bash sh zsh", {
                           {"a )", "invalid: ~a; ~?\")\""},
                           {"fi", "invalid: ~; ~?\"fi\""},
                           {"a; done", "invalid: ~a; ~; ~?\"done\""},
                           {"then a", "invalid: ~; ~?\"then a\""},
                           {"a ;; b", "invalid: ~a; ~?\";; b\""},
                           {"| a", "invalid: ~; ~?\"| a\""},
                           {"&& a", "invalid: ~; ~?\"&& a\""},
                           {"a && && b", "invalid: ~a && ; ~?\"&& b\""},
                           {"a | | b", "invalid: ~a | ; ~?\"| b\""},
                           {"a; }; b", "invalid: ~a; ~; ~?\"}; b\""},
                           {"case a b", "invalid: ~case a[]; ~?\"b\""},
                           {"(a) b", "invalid: ~( a ); ~?\"b\""},
                           {"f() { a; } b", "invalid: ~f(){ { a } }; ~?\"b\""},
                           {"a > > b", "invalid: ~a >; ~?\"> b\""},
                           {"a <", "incomplete: ~a <"},
                           {"{ a; } b", "invalid: ~{ a }; ~?\"b\""},
                           {"a;;", "invalid: ~a; ~?\";;\""},
                       });
}

TEST_CASE("invalid in bash") {
  check("bash", {
                    {"a (b)", "invalid: ~a; ~?\"(b)\""},
                    {"f() a", "invalid: ~f(){ a }; ~?\"a\""},
                    {"()", "invalid: ~(  ); ~?\")\""},
                    {"{ }", "invalid: ~{  }; ~?\"}\""},
                    {"( )", "invalid: ~(  ); ~?\")\""},
                    {"if ; then a; fi", "invalid: ~if[: -]; ~?\"; then a; fi\""},
                    {"a ; ; b", "invalid: ~a; ~; ~?\"; b\""},
                    {"for 1 in", "incomplete: ~for 1 in [-]"},
                    {"select", "incomplete: ~select [-]"},
                    {"[[ a b ]]", "invalid: ~[[ a ]]; ~?\"b ]]\""},
                    {"a=(;)", "invalid: ~a=(); ~?\";)\""},
                    {"a &; b", "invalid: ~a & ~; ~?\"; b\""},
                });
}

TEST_CASE("what stands on earlier lines runs, the line with the error does not") {
  check("bash sh zsh", {
                           {"a\nb; fi", "invalid: a; ~b; ~; ~?\"fi\""},
                           {"a; fi", "invalid: ~a; ~; ~?\"fi\""},
                           {"a\nb\nif", "incomplete: a; b; ~if[: -]"},
                           {"a; if", "incomplete: ~a; ~if[: -]"},
                           {"a\n(", "incomplete: a; ~(  )"},
                           {"a; b \"", "incomplete: ~a; ~b ''; ~?\"\"\""},
                       });
}

TEST_CASE("errors in backquotes are found when they run") {
  check("bash zsh", {
                        {"a; echo `if`", "a; echo $(if[: -])"},
                    });
}

TEST_CASE("dash reads them with the line") {
  check("sh", {
                  {"a; echo `if`", "invalid: ~a; ~echo $(if[: -]); ~?\"`if`\""},
              });
}

TEST_CASE("a bad substitution is found when it runs") {
  check("bash sh", {
                       {"a; echo ${b!}", "a; echo ${bbad, !}"},
                       {"echo ${}", "echo ${}"},
                       {"echo ${a b}", "echo ${abad,  b}"},
                   });
}

}  // namespace cmdai::syntax
