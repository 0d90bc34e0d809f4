// Lists, pipelines, simple commands, redirects.
#include "test/unit/syntax/table.hpp"

namespace cmdai::syntax {

TEST_CASE("words, quotes and blanks") {
  check("bash sh zsh", {
                           {"rm x", "rm x"},
                           {"  rm \t x  ", "rm x"},
                           {"r\\m x", "r'm' x"},
                           {"r''m \"a b\" 'c d'", "r''m 'a b' 'c d'"},
                           {"\"a$b\\$c\\d\"", "'a'$b'$''c''\\d'"},
                           {"a\\ b", "a' 'b"},
                           {"''", "''"},
                           {"\"\"", "''"},
                           {"a\"b\"'c'd", "a'b''c'd"},
                           {"echo a#b # c", "echo a#b"},
                           {"#c", ""},
                           {"", ""},
                           {"\n\n", ""},
                           {"echo \\", "echo '\\'"},
                           {"a\\\nb c", "ab c"},
                           {"echo \303\251\302\240b", "echo \303\251\302\240b"},
                       });
}

TEST_CASE("separators") {
  check("bash sh zsh", {
                           {"a;b", "a; b"},
                           {"a;b;", "a; b"},
                           {"a\nb", "a; b"},
                           {"a&b", "a & b"},
                           {"a & b &", "a & b &"},
                           {"a && b || c", "a && b || c"},
                           {"a &&\n\n b", "a && b"},
                           {"a ||# c\n b", "a || b"},
                           {"a;# c\nb", "a; b"},
                           {"a&&b&", "a && b &"},
                       });
}

TEST_CASE("pipelines") {
  check("bash sh zsh", {
                           {"a|b", "a | b"},
                           {"a | b | c", "a | b | c"},
                           {"! a", "! a"},
                           {"! a | b", "! a | b"},
                           {"a |\n\n b", "a | b"},
                           {"a |# c\n b", "a | b"},
                           {"! a && ! b", "! a && ! b"},
                       });
}

TEST_CASE("bash: ! and time") {
  check("bash", {
                    {"! ! a", "! ! a"},
                    {"time a", "time a"},
                    {"time -p a | b", "time a | b"},
                    {"time -- a", "time a"},
                    {"time ! a", "time ! a"},
                    {"! time a", "time ! a"},
                    {"time", "time "},
                    {"!", "! "},
                    {"a | ! b", "invalid: ~a | ; ~?\"! b\""},
                    {"a |& b", "a |& b"},
                    {"a | time b", "a | b"},
                });
}

TEST_CASE("assignments") {
  check("bash sh zsh", {
                           {"A=1", "A=1"},
                           {"A=1 B=2 c", "A=1 B=2 c"},
                           {"A= c", "A= c"},
                           {"A=1 >f B=2 c", "A=1 B=2 c >f"},
                           {"A\\=1 c", "A'='1 c"},
                           {"\"A\"=1 c", "'A'=1 c"},
                           {"A=\"b c\"", "A='b c'"},
                           {"c A=1", "c A=1"},
                           {"A=$(b) c", "A=$(b) c"},
                           {"1A=b", "1A=b"},
                       });
}

TEST_CASE("arrays and subscripts") {
  check("bash zsh", {
                        {"A+=1 c", "A+=1 c"},
                        {"A[0]=1 c", "A[0]=1 c"},
                        {"A[1+2]=b", "A[1+2]=b"},
                        {"A=(a \"b c\" $d)", "A=(a 'b c' $d)"},
                        {"A=()", "A=()"},
                        {"A=(a\n# c\nb)", "A=(a b)"},
                        {"declare A=(b) C", "A=(b) declare C"},
                        {"local A=$b", "A=$b local"},
                        {"export A=\"b c\"", "A='b c' export"},
                        {"a[$(b)1]=1", "a[$(b)1]=1"},
                        {"A+=(b)", "A+=(b)"},
                    });
}

TEST_CASE("bash: a subscript goes on over blanks") {
  check("bash", {
                    {"a[1 + 2]=3", "a[1 + 2]=3"},
                    {"a[\"]\"]=1", "a[\"]\"]=1"},
                    {"a[b[1]]=2 c", "a[b[1]]=2 c"},
                    {"let a=(1 2)", "a=(1 2) let"},
                });
}

TEST_CASE("redirects") {
  check("bash sh zsh", {
                           {"a >f", "a >f"},
                           {">f a b", "a b >f"},
                           {"a 2>&1", "a 2>&1"},
                           {"a 2>f 3<g", "a 2>f 3<g"},
                           {"a <&-", "a <&-"},
                           {"a >|f", "a >|f"},
                           {"a <>f", "a <>f"},
                           {"a >>f b", "a b >>f"},
                           {">f", ">f"},
                           {"a 2 >f", "a 2 >f"},
                           {"a 2\\>f", "a 2'>'f"},
                           {"a12>f", "a12 >f"},
                           {"a \"2\">f", "a '2' >f"},
                       });
}

TEST_CASE("bash redirects") {
  check("bash", {
                    {"a &>f", "a &>f"},
                    {"a &>>f", "a &>>f"},
                    {"a <<<b", "a <<<b"},
                    {"a <<<\"b c\" d", "a d <<<'b c'"},
                    {"{fd}>f a", "a {fd}>f"},
                    {"a {fd}<&-", "a {fd}<&-"},
                    {"a {f d}>g", "a {f d} >g"},
                    {"a >&f", "a >&f"},
                });
}

TEST_CASE("zsh redirects") {
  check("zsh", {
                   {"a &>f", "a &>f"},
                   {"a >>|f", "a >>|f"},
                   {"a >!f", "a >!f"},
                   {"a &>!f", "a &>!f"},
                   {"a >&|f", "a >&|f"},
                   {"a <<<b", "a <<<b"},
                   {"a &!", "a &!"},
                   {"a &|", "a &|"},
                   {"a <1-9>", "a <1-9>"},
                   {"a <->b", "a <->b"},
                   {"{fd}>f a", "invalid: ~{ fd } >f; ~?\"a\""},
               });
}

TEST_CASE("process substitution") {
  check("bash zsh", {
                        {"a <(b) >(c)", "a <(b) >(c)"},
                        {"a<(b)", "a<(b)"},
                        {"a > >(b)", "a >>(b)"},
                        {"a \"<(b)\"", "a '<(b)'"},
                        {"a <(b|c;d)", "a <(b | c; d)"},
                    });
}

TEST_CASE("sh knows neither") {
  check("sh", {
                  {"a &>f b", "a & b >f"},
                  {"{fd}>f a", "{fd} a >f"},
                  {"a <<<b", "invalid: ~a <<; ~?\"<b\""},
                  {"a |& b", "invalid: ~a | ; ~?\"& b\""},
                  {"a <(b)", "invalid: ~a <; ~?\"(b)\""},
              });
}

TEST_CASE("operators joined over lines") {
  check("bash sh", {
                       {"true &\\\n& rm x", "true && rm x"},
                       {"r\\\nm x", "rm x"},
                       {"th\\\nen", "invalid: ~; ~?\"th\\\nen\""},
                       {"if a; th\\\nen b; f\\\ni", "if[a: b]"},
                       {"echo $\\\n(a)", "echo $(a)"},
                       {"$a\\\nb x", "$ab x"},
                       {"echo ${a\\\nb} ${a\\\n:-b}", "echo ${ab} ${a:- b}"},
                       {"echo \"$a\\\nb\"", "echo $ab"},
                       {"echo $\\\n{a} $\\\na", "echo ${a} $a"},
                       {"echo $a\\\n b", "echo $a b"},
                   });
}

}  // namespace cmdai::syntax
