// Words: quoting, parameters, substitutions.
#include "test/unit/syntax/table.hpp"

namespace cmdai::syntax {

TEST_CASE("parameters") {
  check("bash sh zsh",
        {
            {"echo $a $1 $12x $@ $# $? $$ $! $- $*", "echo $a $1 $12x $@ $# $? $$ $! $- $*"},
            {"echo \"$a b\"", "echo $a' b'"},
            {"echo ${a} ${a:-b} ${a-b c}", "echo ${a} ${a:- b} ${a- b c}"},
            {"echo ${a:=b} ${a:?b} ${a:+b}", "echo ${a:= b} ${a:? b} ${a:+ b}"},
            {"echo ${#a} ${a#b} ${a##*/} ${a%b} ${a%%.*}", "echo ${#a} ${a# b} ${a## */} ${a% b} ${a%% .*}"},
            {"echo $ a", "echo $ a"},
            {"echo \"$\"", "echo '$'"},
            {"echo ${a:-\"b c\"}", "echo ${a:- 'b c'}"},
            {"echo \"${a:-b c}\"", "echo ${a:- 'b c'}"},
            {"echo ${a:-${b:-$(c)}}", "echo ${a:- ${b:- $(c)}}"},
            {"echo $a$b", "echo $a$b"},
            {"echo \"${a:-\"b\"}\"", "echo ${a:- 'b'}"},
        });
}

TEST_CASE("bash parameters") {
  check("bash",
        {
            {"echo ${a[0]} ${a[@]} ${#a[@]} ${!a} ${!a@} ${!a[@]}",
             "echo ${a[0]} ${a[@]} ${#a[@]} ${!a} ${!a@ } ${!a[@]}"},
            {"echo ${a/b/c} ${a//b/c} ${a/#b/c} ${a/%b}", "echo ${a/ b, c} ${a// b, c} ${a/# b, c} ${a/% b}"},
            {"echo ${a:1} ${a:1:2} ${a: -1}", "echo ${a: 1} ${a: 1:2} ${a:  -1}"},
            {"echo ${a^} ${a^^} ${a,} ${a,,b}", "echo ${a^ } ${a^^ } ${a, } ${a,, b}"},
            {"echo ${a@P} ${a@Q}", "echo ${a@ P} ${a@ Q}"},
            {"echo ${a!}", "echo ${abad, !}"},
            {"echo ${a[$(b)]}", "echo ${a[$(b)]}"},
            {"echo \"${a/'b'/c}\"", "echo ${a/ 'b', 'c'}"},
            {"echo $12", "echo $12"},
            {"echo ${12}", "echo ${12}"},
        });
}

TEST_CASE("a closing brace hidden in quotes") {
  check("bash sh", {
                       {"echo ${a:-'}'}; b", "echo ${a:- '}'}; b"},
                       {"echo ${a:-\"}\"}; b", "echo ${a:- '}'}; b"},
                       {"echo ${a:-\\}}; b", "echo ${a:- '}'}; b"},
                       {"echo \"${a:-'$(b)'}\"", "echo ${a:- '''$(b)'''}"},
                       {"echo \"${a#'b'}\"", "echo ${a# 'b'}"},
                   });
}

TEST_CASE("zsh: single quotes inside \"${\342\200\246}\" are bytes") {
  check("zsh", {
                   {"echo \"${a:-'$(b)'}\"", "echo ${a:- '''$(b)'''}"},
                   {"echo \"${a%b'}\"", "echo ${a% 'b''}"},
                   {"echo ${a:-{b}}", "echo ${a:- {b}}"},
               });
}

TEST_CASE("command substitution") {
  check("bash sh zsh", {
                           {"echo $(a)", "echo $(a)"},
                           {"echo \"$(a b)\"", "echo $(a b)"},
                           {"echo $(a; b) $(c)", "echo $(a; b) $(c)"},
                           {"echo $(echo ')'); b", "echo $(echo ')'); b"},
                           {"echo $(case x in (x) a;; esac)", "echo $(case x[x: a ;;])"},
                           {"echo $(a # )\n); b", "echo $(a); b"},
                           {"echo $(\na\n)", "echo $(a)"},
                           {"a$(b)c", "a$(b)c"},
                           {"echo $( (a) )", "echo $(( a ))"},
                           {"echo `a`", "echo $(a)"},
                           {"echo \"`a b`\"", "echo $(a b)"},
                           {"echo `a \\`b\\``", "echo $(a $(b))"},
                           {"echo \"`echo \\\"a b\\\"`\"", "echo $(echo 'a b')"},
                           {"echo ``", "echo $()"},
                       });
}

TEST_CASE("case in a substitution") {
  check("bash zsh", {
                        {"echo $(case x in x) a;; esac)", "echo $(case x[x: a ;;])"},
                    });
}

TEST_CASE("bash: substitutions that run in this shell") {
  check("bash53", {
                      {"echo ${ a; }", "echo $(a)"},
                      {"echo ${| a; }", "echo $(a)"},
                      {"echo ${ a; }b", "echo $(a)b"},
                  });
}

TEST_CASE("older bash does not know them") {
  check("bash32", {
                      {"echo ${ a; }", "echo ${bad,  a; }"},
                  });
}

TEST_CASE("arithmetic") {
  check("bash sh zsh", {
                           {"echo $((1+2))", "echo $((1+2))"},
                           {"echo $(( $(a) + `b` ))", "echo $(( $(a) + $(b) ))"},
                           {"echo \"$((a))\"", "echo $((a))"},
                           {"echo $(( (1) ))", "echo $(( (1) ))"},
                       });
}

TEST_CASE("bash arithmetic") {
  check("bash", {
                    {"echo $((a); (b))", "echo $(( a ); ( b ))"},
                    {"echo $((a) )", "echo $(( a ))"},
                    {"echo $[1+$(a)]", "echo $((1+$(a)))"},
                    {"echo $((a[$(b)]))", "echo $((a[$(b)]))"},
                });
}

TEST_CASE("sh: $(( is always arithmetic") {
  check("sh", {
                  {"echo $((a); (b))", "invalid: ~echo ; ~?\"$((a); (b))\""},
                  {"echo $[1]", "echo $[1]"},
              });
}

TEST_CASE("ANSI-C and translated strings") {
  check("bash", {
                    {"$'\\x72\\x6d' x", "'rm' x"},
                    {"$'a\\tb\\n'", "'a\tb\\n'"},
                    {"$'\\u00e9'", "'\303\251'"},
                    {"$'\\q'", "'\\q'"},
                    {"$'a\\0b'", "'a'"},
                    {"$'a\\'b'", "'a'b'"},
                    {"$\"a $b\"", "'a '$b"},
                    {"\"$'a'\"", "'$'''a''"},
                });
}

TEST_CASE("zsh strings") {
  check("zsh", {
                   {"$'\\x72m'", "'rm'"},
                   {"$'\\q'", "'q'"},
                   {"$'a\\'b'", "'a'b'"},
                   {"$\"a\"", "$'a'"},
               });
}

TEST_CASE("sh knows no $'") {
  check("sh", {
                  {"echo $'a'", "echo $'a'"},
                  {"echo $\"a\"", "echo $'a'"},
              });
}

TEST_CASE("extended globs") {
  check("bash", {
                    {"a @(b|c)", "a @(b|c)"},
                    {"a +(b)*", "a +(b)*"},
                    {"a ?(b|\"c d\")", "a ?(b|'c d')"},
                    {"a x!(b)", "a x!(b)"},
                });
}

TEST_CASE("!( at command position") {
  check("bash", {
                    {"!(a b)", "! ( a b )"},
                });
}

TEST_CASE("bytes, not characters") {
  check("bash sh zsh", {
                           {"rm\302\240x", "rm\302\240x"},
                           {"a\342\200\250b", "a\342\200\250b"},
                           {"a\015b", "a\015b"},
                           {"a\013b", "a\013b"},
                           {"a\342\200\213b", "a\342\200\213b"},
                           {"\377\376", "\377\376"},
                       });
}

}  // namespace cmdai::syntax
