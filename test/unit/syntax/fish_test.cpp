// fish.
#include "test/unit/syntax/table.hpp"

namespace cmdai::syntax {

TEST_CASE("words") {
  check("fish", {
                    {"rm x", "rm x"},
                    {"r\\m x", "r'm' x"},
                    {"'a b' \"c d\" e\\ f", "'a b' 'c d' e' 'f"},
                    {"'\\'\\n'", "''\\n'"},
                    {"\"\\n\\$a\"", "'\\n$a'"},
                    {"\\x72m \\162m \\u0072", "'r'm 'r'm 'r'"},
                    {"echo a#b # c", "echo a#b"},
                    {"echo \\ta", "echo '\t'a"},
                    {"$a $a[1] $$a \"$a[2]\" $a[1..3]", "$a ${a[1]} ${!a} ${a['2']} ${a[1..3]}"},
                    {"echo {a,b}{c}", "echo {a,b}{c}"},
                    {"~/a", "~/a"},
                    {"a\\\nb c", "ab c"},
                    {"echo \"a\\\nb\"", "echo 'ab'"},
                    {"echo $'a'", "invalid: ~echo '$''a'"},
                    {"echo `a`", "echo `a`"},
                });
}

TEST_CASE("substitutions") {
  check("fish", {
                    {"echo (a)", "echo $(a)"},
                    {"echo $(a)", "echo $(a)"},
                    {"echo \"$(a b)\"", "echo $(a b)"},
                    {"echo \"(a)\"", "echo '(a)'"},
                    {"echo (a; b)", "echo $(a; b)"},
                    {"echo (a | b)[1]", "echo $(a | b)[1]"},
                    {"a(b)c", "invalid: ~a$(b)c"},
                    {"echo (echo \")\")", "echo $(echo ')')"},
                    {"echo (a (b))", "echo $(a $(b))"},
                    {"A=(a) b", "A=$(a) b"},
                });
}

TEST_CASE("lists") {
  check("fish", {
                    {"a; b", "a; b"},
                    {"a & b", "a & b"},
                    {"a &", "a &"},
                    {"a && b || c", "a && b || c"},
                    {"a; and b; or c", "a && b || c"},
                    {"not a", "! a"},
                    {"! a", "! a"},
                    {"a\nb", "a; b"},
                    {"a | b", "a | b"},
                    {"a &| b", "a &| b"},
                    {"a 2>| b", "a 2>| b"},
                    {"a |\n b", "a | b"},
                    {"time a", "time a"},
                    {"not x=1 time a", "time ! x=1 a"},
                    {"a;;b", "a; b"},
                    {"not not a", "! ! a"},
                });
}

TEST_CASE("redirects") {
  check("fish", {
                    {"a >f", "a >f"},
                    {"a 2>&1", "a 2>&1"},
                    {"a >>f <g", "a >>f <g"},
                    {"a 2>f", "a 2>f"},
                    {"a &>f", "a &>f"},
                    {"a >?f", "a >?f"},
                    {"a <&3", "a <&3"},
                    {">f a", "invalid: ~"},
                    {"a > f b", "a b >f"},
                });
}

TEST_CASE("blocks") {
  check("fish", {
                    {"if a; b; end", "if[a: b]"},
                    {"if a; b; else if c; d; else; e; end", "if[a: b | c: d | e]"},
                    {"while a; b; end", "while[a: b]"},
                    {"for i in a b; c; end", "for i in a b[c]"},
                    {"switch a; case b c; d; case \"*\"; e; end", "case a[b c: d | '*': e]"},
                    {"begin; a; end", "{ a }"},
                    {"begin; a; end >f", "{ a } >f"},
                    {"function f; a; end", "f(){ a }"},
                    {"function f --on-event b; c; end", "f(){ c } --on-event b"},
                    {"if a; and b; c; end", "if[a && b: c]"},
                    {"if a\n b\nend", "if[a: b]"},
                    {"begin; a; end | b", "{ a } | b"},
                });
}

TEST_CASE("decorated and plain") {
  check("fish", {
                    {"command rm x", "command rm x"},
                    {"builtin echo a", "builtin echo a"},
                    {"exec a", "exec a"},
                    {"and a", "a"},
                    {"begin -h", "begin -h"},
                    {"[ a = b ]", "[ a = b ]"},
                    {"set a b", "set a b"},
                    {"end", "invalid: "},
                });
}

TEST_CASE("errors") {
  check("fish", {
                    {"if a", "incomplete: ~if[a: ]"},
                    {"a (", "incomplete: ~"},
                    {"a \"", "incomplete: ~"},
                    {"a )", "invalid: ~"},
                    {"end", "invalid: "},
                    {"a; end", "invalid: ~a"},
                    {"a | and b", "invalid: ~a | and b"},
                    {"$(a)", "invalid: ~$(a)"},
                    {"(a)", "invalid: ~$(a)"},
                    {"a $", "invalid: ~a '$'"},
                    {"a ${b}", "invalid: ~a '$'{b}"},
                    {"a $?", "invalid: ~a '$'?"},
                    {"A=1", "invalid: ~"},
                    {"a && ", "incomplete: ~a && "},
                    {"a |", "incomplete: ~a | "},
                    {"{ a }", "{ a }"},
                    {"a >", "incomplete: ~a >"},
                    {"for i; end", "invalid: ~for i[-]"},
                    {"a |& b", "invalid: ~"},
                    {"case b", "invalid: "},
                    {"a <<E", "invalid: ~a <"},
                    {"begin; a", "incomplete: ~{ a }"},
                    {"function; end", "invalid: ~function"},
                    {"break | a", "invalid: ~break"},
                    {"a (b; c", "incomplete: ~"},
                });
}

TEST_CASE("nothing runs when there is an error anywhere") {
  check("fish", {
                    {"a\nb (", "incomplete: ~a; ~"},
                    {"a; if", "a; if"},
                });
}

TEST_CASE("blanks of many kinds") {
  check("fish", {
                    {"a\343\200\200b", "a\343\200\200b"},
                    {"a\015b", "a b"},
                    {"a\302\240b", "a\302\240b"},
                });
}

TEST_CASE("fish 4") {
  check("fish4", {
                     {"{ a }", "{ a }"},
                     {"{ a; b }", "{ a; b }"},
                     {"{a }", "{a }"},
                     {"a {b}", "a {b}"},
                     {"if a; { b }; end", "if[a: { b }]"},
                     {"{ a } | b", "{ a } | b"},
                 });
}

}  // namespace cmdai::syntax
