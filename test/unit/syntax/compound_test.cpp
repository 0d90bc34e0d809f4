// Compound commands that bash, sh and zsh share, and those of bash.
#include "test/unit/syntax/table.hpp"

namespace cmdai::syntax {

TEST_CASE("groups and subshells") {
  check("bash sh zsh", {
                           {"{ a; }", "{ a }"},
                           {"{ a; b; } >f", "{ a; b } >f"},
                           {"(a)", "( a )"},
                           {"( a; b ) | c", "( a; b ) | c"},
                           {"{ (a) }", "{ ( a ) }"},
                           {"( (a) )", "( ( a ) )"},
                           {"{ { a; }; }", "{ { a } }"},
                           {"(a;b)&", "( a; b ) &"},
                           {"{ a\n}", "{ a }"},
                           {"{ { a; } }", "{ { a } }"},
                       });
}

TEST_CASE("if") {
  check("bash sh zsh", {
                           {"if a; then b; fi", "if[a: b]"},
                           {"if a; then b; else c; fi", "if[a: b | c]"},
                           {"if a; then b; elif c; then d; else e; fi", "if[a: b | c: d | e]"},
                           {"if a\nthen b\nfi >f", "if[a: b] >f"},
                           {"if a && b; then c & fi", "if[a && b: c &]"},
                           {"if { a; } then b; fi", "if[{ a }: b]"},
                       });
}

TEST_CASE("loops") {
  check("bash sh zsh", {
                           {"while a; do b; done", "while[a: b]"},
                           {"until a; do b; done", "until[a: b]"},
                           {"while a; b; do c; done <f", "while[a; b: c] <f"},
                           {"for i in a b; do c; done", "for i in a b[c]"},
                           {"for i in a $b \"c d\"; do e $i; done", "for i in a $b 'c d'[e $i]"},
                           {"for i; do c; done", "for i[c]"},
                           {"for i do c; done", "for i[c]"},
                           {"for i\nin a\ndo c\ndone", "for i in a[c]"},
                           {"for i in; do c; done", "for i in [c]"},
                           {"for i in if then; do c; done", "for i in if then[c]"},
                       });
}

TEST_CASE("case") {
  check("bash sh zsh", {
                           {"case a in a) b;; esac", "case a[a: b ;;]"},
                           {"case a in (a) b;; esac", "case a[a: b ;;]"},
                           {"case a in a|b) c;; *) d; esac", "case a[a b: c ;; | *: d]"},
                           {"case a in esac", "case a[]"},
                           {"case a in a) esac", "case a[a: ]"},
                           {"case $a in\n \"b c\") d\n ;;\nesac", "case $a['b c': d ;;]"},
                           {"case a in a)b;;c)d;;esac", "case a[a: b ;; | c: d ;;]"},
                           {"case $(a) in $(b)) c;; esac", "case $(a)[$(b): c ;;]"},
                       });
}

TEST_CASE("functions") {
  check("bash sh zsh", {
                           {"f() { a; }", "f(){ { a } }"},
                           {"f()\n{ a; }", "f(){ { a } }"},
                           {"f() { a; } >f", "f(){ { a } >f }"},
                           {"f() (a)", "f(){ ( a ) }"},
                           {"f() if a; then b; fi", "f(){ if[a: b] }"},
                       });
}

TEST_CASE("bash: groups close without a blank") {
  check("bash", {
                    {"{ for i in 1; do a; done }", "{ for i in 1[a] }"},
                    {"{ a; }>f", "{ a } >f"},
                    {"{ a; }x", "incomplete: ~{ a; }x }"},
                    {"{ a }", "incomplete: ~{ a } }"},
                    {"{a }", "{a }"},
                });
}

TEST_CASE("bash: loops") {
  check("bash", {
                    {"for ((i=0;i<3;i++)); do a; done", "for ((i=0 i<3 i++))[a]"},
                    {"for ((;;)) { a; }", "for (())[a]"},
                    {"for i in 1; { a; }", "for i in 1[a]"},
                    {"select i in a b; do c; done", "select i in a b[c]"},
                    {"for ((i=$(a;b);;)); do c; done", "for ((i=$(a; b)  ))[c]"},
                    {"for 'i' in a; do b; done", "for i in a[b]"},
                    {"for a.b in c; do d; done", "for a.b in c[d]"},
                });
}

TEST_CASE("bash: case") {
  check("bash", {
                    {"case a in a) b;& c) d;;& e) f;; esac", "case a[a: b ;& | c: d ;;& | e: f ;;]"},
                });
}

TEST_CASE("bash: functions") {
  check("bash", {
                    {"function f { a; }", "f(){ { a } }"},
                    {"function f() { a; }", "f(){ { a } }"},
                    {"a-b.c:d() { a; }", "a-b.c:d(){ { a } }"},
                    {"f () ( a )", "f(){ ( a ) }"},
                    {"f() [[ a ]]", "f(){ [[ a ]] }"},
                    {"f() a", "invalid: ~f(){ a }; ~?\"a\""},
                });
}

TEST_CASE("bash: arithmetic or subshells") {
  check("bash zsh", {
                        {"((a))", "(( a ))"},
                        {"(( a + $(b) ))", "((  a + $(b)  ))"},
                        {"((a) )", "( ( a ) )"},
                        {"((a); (b))", "( ( a ); ( b ) )"},
                        {"((a || b))", "(( a || b ))"},
                        {"((((a))))", "(( ((a)) ))"},
                        {"if ((a)); then b; fi", "if[(( a )): b]"},
                        {"((a[1]))", "(( a[1] ))"},
                    });
}

TEST_CASE("sh: only subshells") {
  check("sh", {
                  {"((a))", "( ( a ) )"},
                  {"((a || b))", "( ( a || b ) )"},
                  {"((((a))))", "( ( ( ( a ) ) ) )"},
              });
}

TEST_CASE("bash: conditionals") {
  check("bash", {
                    {"[[ a ]]", "[[ a ]]"},
                    {"[[ -f a ]]", "[[ -f a ]]"},
                    {"[[ ! -f a && b == c ]]", "[[ ! -f a && b == c ]]"},
                    {"[[ (a || b) ]]", "[[ a || b ]]"},
                    {"[[ a =~ ^(b|c)$ ]]", "[[ a =~ ^(b|c)$ ]]"},
                    {"[[ a =~ b c ]]", "invalid: ~[[ a =~ b ]]; ~?\"c ]]\""},
                    {"[[ a < b ]]", "[[ a < b ]]"},
                    {"[[ $a -eq 1 ]]", "[[ $a -eq 1 ]]"},
                    {"[[ -v $x ]]", "[[ -v $x ]]"},
                    {"[[ a = b\n]]", "[[ a = b ]]"},
                    {"[[ a\n]]", "invalid: ~[[ a ]]; ~?\"\n]]\""},
                    {"[[ -f == ]]", "[[ -f == ]]"},
                    {"[[ a ==\nb ]]", "invalid: ~[[ a == ]]; ~?\"\nb ]]\""},
                    {"[[ a = *.c ]]", "[[ a = *.c ]]"},
                    {"[[ a && b", "incomplete: ~[[ a && b ]]"},
                    {"[[ ]]", "invalid: ~[[  ]]; ~?\"]]\""},
                    {"[[ -z ]]", "invalid: ~[[ -z ]]; ~?\"]]\""},
                });
}

TEST_CASE("sh: [[ is a command") {
  check("sh", {
                  {"[[ a ]]", "[[ a ]]"},
                  {"[[ a == b || c ]]", "[[ a == b || c ]]"},
                  {"function f", "function f"},
                  {"select i in a; b", "select i in a; b"},
                  {"coproc a", "coproc a"},
              });
}

TEST_CASE("bash: coproc") {
  check("bash", {
                    {"coproc a b", "coproc a b"},
                    {"coproc N { a; }", "coproc N: { a }"},
                    {"coproc N (a)", "coproc N: ( a )"},
                    {"coproc 'N' { a; }", "coproc N: { a }"},
                    {"coproc { a; }", "coproc { a }"},
                    {"coproc N a", "coproc N a"},
                    {"coproc while a; do b; done", "coproc while[a: b]"},
                });
}

TEST_CASE("redirects behind compound commands") {
  check("bash zsh", {
                        {"if a; then b; fi >f", "if[a: b] >f"},
                        {"while a; do b; done <f", "while[a: b] <f"},
                        {"(a) >f", "( a ) >f"},
                        {"{ a; } >f 2>&1", "{ a } >f 2>&1"},
                        {"case a in b) c; esac >f", "case a[b: c] >f"},
                        {"[[ a ]] >f", "[[ a ]] >f"},
                        {"((a)) >f", "(( a )) >f"},
                    });
}

}  // namespace cmdai::syntax
