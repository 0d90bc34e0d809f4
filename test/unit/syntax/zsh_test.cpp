// What only zsh reads, or reads in another way.
#include "test/unit/syntax/table.hpp"

namespace cmdai::syntax {

TEST_CASE("braces") {
  check("zsh", {
                   {"{ a }", "{ a }"},
                   {"{a}", "{ a }"},
                   {"{ a b} ", "{ a b }"},
                   {"{ a b}c }", "{ a b}c }"},
                   {"{ { a }}", "{ { a } }"},
                   {"}x", "}x"},
                   {"a }", "invalid: ~a; ~?\"}\""},
                   {"a }x", "a }x"},
                   {"{ : } always { a }", "{ : } always [a]"},
                   {"a{ b", "a{ b"},
                   {"f() { a }", "f(){ { a } }"},
                   {"{a,b} c", "invalid: ~{ a,b }; ~?\"c\""},
               });
}

TEST_CASE("short forms") {
  check("zsh", {
                   {"if [[ 1 == 1 ]] a", "if[[[ 1 == 1 ]]: a]"},
                   {"if ((1)) a", "if[(( 1 )): a]"},
                   {"if [[ a ]] { b } else { c }", "if[[[ a ]]: b | c]"},
                   {"while ((1)) { a }", "while[(( 1 )): a]"},
                   {"for i (1 2) a", "for i in 1 2[a]"},
                   {"for i (1 2) { a }", "for i in 1 2[a]"},
                   {"for i in 1; a", "for i in 1[a]"},
                   {"foreach i (1); a; end", "for i in 1[a]"},
                   {"repeat 3 a", "repeat 3[a]"},
                   {"repeat 3 { a }", "repeat 3[a]"},
                   {"case x { x) a ;; }", "case x[x: a ;;]"},
                   {"for i j in 1 2; do a; done", "for i in 1 2[a]"},
                   {"for ((;;)) a", "for (())[a]"},
                   {"select i in a; do b; done", "select i in a[b]"},
               });
}

TEST_CASE("functions") {
  check("zsh", {
                   {"f g() { a }", "f g(){ { a } }"},
                   {"() { a } b c", "(){ { a } } b c"},
                   {"function { a } b", "(){ { a } } b"},
                   {"function f { a }", "f(){ { a } }"},
                   {"function f g { a }", "f g(){ { a } }"},
                   {"f() a", "f(){ a }"},
                   {"a=b f() { c }", "invalid: ~a=b f; ~?\"() { c }\""},
                   {"f() { a } >g", "f(){ { a } >g }"},
               });
}

TEST_CASE("redirects before compound commands") {
  check("zsh", {
                   {">f if a; then b; fi", "if[a: b] >f"},
                   {"<f while a; do b; done", "while[a: b] <f"},
                   {">f (a)", "( a ) >f"},
                   {">f { a }", "{ a } >f"},
               });
}

TEST_CASE("not as in bash") {
  check("zsh", {
                   {"! ! a", "invalid: ~! ; ~?\"! a\""},
                   {"a=b if c", "invalid: ~a=b; ~?\"if c\""},
                   {"(a) b", "invalid: ~( a ); ~?\"b\""},
                   {"a | ! b", "invalid: ~a | ; ~?\"! b\""},
                   {"a=b (c)", "invalid: ~a=b; ~?\"(c)\""},
                   {"a=b { c }", "invalid: ~a=b; ~?\"{ c }\""},
                   {"a=b {c,d}", "a=b {c,d}"},
                   {"a 345>f", "a 345 >f"},
                   {"if a; then if b; then c; fi fi", "invalid: ~if[a: if[b: c]]; ~?\"fi\""},
                   {"for((;;)); do a; done", "invalid: ~; ~?\"((;;)); do a; done\""},
                   {"for 'i' in b; do a; done", "invalid: ~for [-]; ~?\" in b; do a; done\""},
                   {"if; then; fi", "if[: ]"},
                   {"while do a; done", "while[: a]"},
                   {"; a", "a"},
                   {"a; ; b", "a; b"},
                   {"a &; b", "a & b"},
                   {"echo $(a })", "invalid: ~echo $(a); ~?\"})\""},
                   {"[[ a -foo b ]]", "[[ a -foo b ]]"},
               });
}

TEST_CASE("parentheses in words are patterns") {
  check("zsh", {
                   {"a *(.)", "a *(.)"},
                   {"a (b|c)d", "a (b|c)d"},
                   {"a *(e:'rm x':)", "a *(e:'rm x':)"},
                   {"a (b\nc)", "a (b\nc)"},
                   {"a (b", "a (b)"},
                   {"a (b;c", "a (b); c"},
                   {"a b(c d)e", "a b(c d)e"},
                   {"a =(b)", "a =(b)"},
                   {"a (#i)b", "a (#i)b"},
                   {"x=(a b)", "x=(a b)"},
                   {"a=b(c)", "a=b(c)"},
               });
}

TEST_CASE("case patterns") {
  check("zsh",
        {
            {"case a in (a) b;; (a|b)c) d;; (a b) e;; esac", "case a[a: b ;; | (a|b)c: d ;; | a b: e ;;]"},
            {"case a in a b) c;; esac", "invalid: ~case a[a: -]; ~?\"b) c;; esac\""},
            {"case a in a) b;| c) d;& e) f;; esac", "case a[a: b ;| | c: d ;& | e: f ;;]"},
            {"case a in (a|b)) c;; esac", "case a[(a|b): c ;;]"},
        });
}

TEST_CASE("parameters") {
  check("zsh",
        {
            {"echo ${(f)a} ${=a} $=a ${~a} $^a ${#a} $#a", "echo ${(f)a} ${=a} ${=a} ${a} $a ${#a} ${#a}"},
            {"echo $a[1] ${a[1,2]} $a[(r)b] \"$a[1]\"", "echo ${a[1]} ${a[1,2]} ${a[(r)b]} ${a[1]}"},
            {"echo ${${a}#b} ${:-b} ${(e)a} ${$(a)}", "echo ${# b, ${a}} ${:- b} ${(e)a} ${nested $(a)}"},
            {"echo ${a:#b} ${a:|b}", "echo ${a:# b} ${a:| b}"},
            {"echo $a[b c]", "echo $a[b c]"},
            {"echo $12", "echo $12"},
        });
}

TEST_CASE("precommand words are words") {
  check("zsh", {
                   {"noglob a", "noglob a"},
                   {"- a", "- a"},
                   {"nocorrect a", "nocorrect a"},
                   {"=a b", "=a b"},
               });
}

TEST_CASE("comments") {
  check("zsh", {
                   {"a # b", "a"},
                   {"a # b; c", "a"},
               });
}

TEST_CASE("interactive: no comments") {
  check("zsh-interactive", {
                               {"a # b; c", "a # b; c"},
                           });
}

}  // namespace cmdai::syntax
