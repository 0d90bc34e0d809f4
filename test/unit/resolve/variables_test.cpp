// Variables and parameter expansions, as far as a line sets them.
#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "test/unit/resolve/walk.hpp"

namespace cmdai::resolve {

TEST_CASE("what the line sets is known") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"a=rm; $a x", "(a=rm); rm x"},
                           {"a=rm b=-rf; $a $b x", "(a=rm b=-rf); rm -rf x"},
                           {"a=\"rm -rf x\"; $a", "(a=[rm -rf x]); rm -rf x"},
                           {"a=\"rm -rf x\"; \"$a\"", "(a=[rm -rf x]); [rm -rf x]"},
                           {"a=rm; ${a}x", "(a=rm); rmx"},
                           {"a=r; ${a}m x", "(a=r); rm x"},
                           {"a=x; a+=y; echo $a", "(a=x); (a+=y); echo xy"},
                           {"a=1 echo $a", "a=1 echo $a"},
                           {"a=1; b=$a; echo $b", "(a=1); (b=1); echo 1"},
                           {"export a=rm; $a x", "a=rm export a=rm; rm x"},
                           {"declare a=rm; $a", "a=rm declare a=rm; rm"},
                           {"a=rm; unset a; $a x", "(a=rm); unset a; x"},
                           {"A=x\nrm $A/y", "(A=x); rm x/y"},
                           {"a=b; a=c; echo $a", "(a=b); (a=c); echo c"},
                       });
}

TEST_CASE("what it does not set is a hole") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"rm $X", "rm $X"},
                           {"rm \"$X\"/y", "rm $X/y"},
                           {"rm ${X}y", "rm $Xy"},
                           {"rm -rf $X/*", "rm -rf $X/*"},
                           {"$X y", "$X y"},
                           {"rm ${X:-/}", "rm /"},
                           {"rm ${X-/}", "rm /"},
                           {"rm ${X:+a}", "rm a"},
                           {"echo ${#X}", "echo \342\200\246"},
                           {"echo ${X#a}", "echo $X"},
                       });
}

TEST_CASE("known without a line") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"rm ~", "rm /home/u"},
                           {"rm ~/x", "rm /home/u/x"},
                           {"rm \"~\"", "rm ~"},
                           {"rm '~'/x", "rm ~/x"},
                           {"rm $HOME/x", "rm /home/u/x"},
                           {"rm $PWD", "rm /home/u/p"},
                           {"rm ~root/x", "rm /root/x"},
                           {"rm ~u/x", "rm /home/u/x"},
                           {"rm ~v/x", "rm /home/v/x"},
                           {"dd of=~/x", "dd of=/home/u/x"},
                           {"dd --of=~/x", "dd --of=~/x"},
                           {"a=~/x; rm $a", "(a=/home/u/x); rm /home/u/x"},
                           {"rm ~\"/x\"", "rm ~/x"},
                           {"rm ~$X", "rm ~$X"},
                           {"cd /tmp; rm $PWD/x", "cd /tmp; rm /tmp/x"},
                           {"rm $USER", "rm u"},
                       });
}

TEST_CASE("operators on known values") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"a=xrm; ${a#x} y", "(a=xrm); rm y"},
                           {"a=rm.txt; ${a%.txt}", "(a=rm.txt); rm"},
                           {"a=/usr/bin/rm; echo ${a##*/} ${a%/*}", "(a=/usr/bin/rm); echo rm /usr/bin"},
                           {"a=XrmX; ${a:1:2}", "(a=XrmX); rm"},
                           {"a=RM; ${a,,} x", "(a=RM); rm x"},
                           {"a=rm; echo ${a^} ${a^^}", "(a=rm); echo Rm RM"},
                           {"a=rZm; ${a/Z/}", "(a=rZm); rm"},
                           {"a=aXbXc; echo ${a//X/-} ${a/X} ${a/#a/z} ${a/%c/z}",
                            "(a=aXbXc); echo a-b-c abXc zXbXc aXbXz"},
                           {"a=abc; echo ${#a} ${a: -1} ${a:1} ${a:0:-1}", "(a=abc); echo 3 c bc ab"},
                           {"a=; echo ${a:-b} ${a-b}", "(a=[]); echo b"},
                           {"a=b; echo ${a:+c}", "(a=b); echo c"},
                           {"echo ${n:=v} $n", "echo v v"},
                           {"b=a a=rm; echo ${!b}", "(b=a a=rm); echo rm"},
                           {"echo ${a?}", "echo $a"},
                           {"a=x*y; echo \"${a%\\**}\" ${a%\"*\"*} ${a#*\"*\"}", "(a=x*y); echo x x y"},
                       });
}

TEST_CASE("splitting at IFS") {
  for (const char* shell : {"bash", "sh"})
    check_lines(shell, {
                           {"a='rm x'; $a", "(a=[rm x]); rm x"},
                           {"IFS=,; a=rm,x; $a", "(IFS=,); (a=rm,x); rm x"},
                           {"IFS=,; a='b c'; $a", "(IFS=,); (a=[b c]); [b c]"},
                           {"IFS=,; a=b,c; \"$a\" $a", "(IFS=,); (a=b,c); b,c b c"},
                           {"a=\"x y\"; echo b$a\"c\"", "(a=[x y]); echo bx yc"},
                           {"a=\" x \"; echo b${a}c", "(a=[ x ]); echo b x c"},
                           {"rm${IFS}x", "rm x"},
                           {"a=; rm $a \"$a\" x", "(a=[]); rm [] x"},
                           {"IFS=; a=\"b c\"; $a", "(IFS=[]); (a=[b c]); [b c]"},
                       });
}

TEST_CASE("zsh and fish do not split") {
  for (const char* shell : {"zsh"})
    check_lines(shell, {
                           {"a='rm x'; $a", "(a=[rm x]); [rm x]"},
                           {"a='rm x'; ${=a}", "(a=[rm x]); rm x"},
                           {"a=(rm x); $a", "(a=(\342\200\246)); rm x"},
                           {"a=\"b c\"; echo $a", "(a=[b c]); echo [b c]"},
                       });
}

TEST_CASE("fish lists") {
  for (const char* shell : {"fish"})
    check_lines(shell, {
                           {"set a rm x; $a", "set a rm x; rm x"},
                           {"set a; rm $a x", "set a; rm x"},
                           {"set a b c; echo x$a", "set a b c; echo xb xc"},
                           {"set a 1 2 3; echo $a[2]", "set a 1 2 3; echo 2"},
                           {"set a (echo rm); $a x", "echo rm; set a rm; rm x"},
                           {"set -e a; echo $a", "set -e a; echo $a"},
                           {"set x \"a b\"; echo $x", "set x [a b]; echo [a b]"},
                           {"set a 1 2; rm -rf /$a\"x\"", "set a 1 2; rm -rf /1x /2x"},
                           {"set a 1 2; echo \"b$a\"", "set a 1 2; echo [b1 2]"},
                           {"set a; rm /$a x", "set a; rm x"},
                       });
}

TEST_CASE("a name in fish: letters of any script, and nothing that is no text") {
  check_lines("fish", {
                          {"set fé rm; $fé x", "set fé rm; rm x"},
                          {"set f字１ rm; $f字１-x", "set f字１ rm; rm-x"},
                          {"set f rm; $f×", "set f rm; rm×"},
                          {"set f rm; $f😀", "set f rm; rm😀"},
                          {"set f rm; $f｡", "set f rm; rm｡"},
                          {"set f rm; $f\xff/x", "set f rm; rm\xff/x"},
                          {"set f rm; $f\xc3/x", "set f rm; rm\xc3/x"},
                          {"set f rm; $f\xe4\xb8/x", "set f rm; rm\xe4\xb8/x"},
                          {"set f rm; $f\xf4\x90\x80\x80", "set f rm; rm\xf4\x90\x80\x80"},
                      });
}

TEST_CASE("arrays") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"a=(rm -rf x); \"${a[@]}\"", "(a=(\342\200\246)); rm -rf x"},
                           {"a=(b \"c d\"); echo ${a[1]} ${#a[@]} $a", "(a=(\342\200\246)); echo c d 2 b"},
                           {"a=(b c); echo \"${a[*]}\" ${a[$i]}", "(a=(\342\200\246)); echo [b c] $a"},
                           {"a=(b); a[1]=c; echo ${a[@]}", "(a=(\342\200\246)); (a=c); echo b c"},
                           {"a=(b); a[0]=/; rm -rf $a", "(a=(\342\200\246)); (a=/); rm -rf /"},
                           {"a[x]=b; echo ${a[x]}", "(a=b); echo $a"},
                           {"a[$i]=b; echo ${a[0]}", "(a=b); echo $a"},
                       });
}

TEST_CASE("lists keep their elements") {
  for (const char* line :
       {"declare -a a=(rm x y); \"${a[@]}\"", "f() { local a=(rm x y); \"${a[@]}\"; }; f",
        "a=(rm); a+=(x y); ${a[@]}", "a=([2]=y [1]=x [0]=rm); \"${a[@]}\"", "a=(z rm x y); \"${a[@]:1}\"",
        "a=(z rm x y z); \"${a[@]:1:3}\"", "a=(z rm x y); \"${a[@]: -3}\"", "set -- rm x y; \"${@:1}\"",
        "set -- z rm x y; \"${@:2:3}\"", "readarray -t a <<<$'rm\\nx\\ny'; \"${a[@]}\""}) {
    CAPTURE(std::string(line));
    const std::string calls = walk("bash", line);
    CHECK(calls.ends_with("rm x y"));
  }
}

TEST_CASE("positional parameters") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"set -- a b; echo $1 $2 $# \"$@\"", "set -- a b; echo a b 2 a b"},
                           {"echo $1", "echo"},
                           {"set -- a b; shift; echo $1", "set -- a b; shift; echo b"},
                           {"set -- a \"b c\"; rm \"$@\"", "set -- a [b c]; rm a [b c]"},
                           {"set -- a b; echo \"$*\"", "set -- a b; echo [a b]"},
                           {"set -e; echo x", "set -e; echo x"},
                       });
}

TEST_CASE("arithmetic") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"echo $((1+2)) $((6*7)) $((5-9))", "echo 3 42 -4"},
                           {"echo $((x))", "echo \342\200\246"},
                           {"a=3; echo $((a))", "(a=3); echo 3"},
                           {"echo $((2**3))", "echo 8"},
                       });
}

TEST_CASE("a branch that may not run leaves both") {
  for (const char* shell : {"bash"})
    check_lines(
        shell,
        {
            {"a=1; if b; then a=2; fi; echo $a", "(a=1); b; (a=2); echo 1; echo 2; echo $a"},
            {"if b; then a=1; else a=1; fi; echo $a", "b; (a=1); (a=1); echo 1"},
            {"echo $((\"$@\" 5 + \"1\"))", "echo 6"},
            {"a=1; b && a=2 || a=3; echo $a", "(a=1); b; (a=2); (a=3); echo 1; echo 2; echo 3; echo $a"},
            {"a=1; b && a=2; echo $a", "(a=1); b; (a=2); echo 1; echo 2; echo $a"},
            {"a=1; b || a=2; echo $a", "(a=1); b; (a=2); echo 1; echo 2; echo $a"},
            {"a=1 && b=2; echo $b", "(a=1); (b=2); echo 2"},
            {"a && b=2 && c $b", "a; (b=2); c 2"},
            {"set -- a; b && set -- c; echo $1", "set -- a; b; set -- c; echo $1"},
            {"a=1; (a=2); echo $a", "(a=1); (a=2); echo 1"},
            {"a=1; a=2 | b; echo $a", "(a=1); (a=2); b; echo 1"},
            {"a=1; while b; do a=2; done; echo $a", "(a=1); b; (a=2); echo 1; echo 2; echo $a"},
        });
}

TEST_CASE("a test is decided where it can come out in one way only") {
  constexpr std::string_view kBash[][2] = {
      {"[[ a == b ]] && d=2", "no"},
      {"[[ a == a ]] && d=2", "yes"},
      {"x=a; [[ $x == \"b\" ]] && d=2", "no"},
      {"x=a; [[ $x != b ]] || d=2", "no"},
      {"[[ 'a*' == 'b c' ]] && d=2", "no"},
      {"shopt -s nocasematch; [[ A == a ]] && d=2", "open"},
      {"declare -u x=a; [[ $x == A ]] && d=2", "open"},
      {"x='*'; [[ ab == $x ]] && d=2", "open"},
      {"x='@(ab|c)'; [[ ab == $x ]] && d=2", "open"},
      {"for x in *; do [[ $x == b ]] && d=2; done", "open"},
      {"for x in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [[ $x == 13 ]] && d=2; done", "open"},
      {"x=a; while y; do [[ $x == b ]] && d=2; x=b; done", "open"},
      {"x=a; [[ ${!x} == b ]] && d=2", "open"},
      {"SECONDS=0; [[ $SECONDS == 1 ]] && d=2", "open"},
  };
  constexpr std::string_view kZsh[][2] = {
      {"[[ a == b ]] && d=2", "no"},
      {"[[ 3 == <-> ]] && d=2", "open"},
      {"setopt extendedglob; [[ aa == a# ]] && d=2", "open"},
      {"setopt extendedglob; [[ aa == ^b ]] && d=2", "open"},
      {"unsetopt CASE_MATCH; [[ A == a ]] && d=2", "open"},
      {"typeset -u x=a; [[ $x == A ]] && d=2", "open"},
      {"[[ =ls == /bin/ls ]] && d=2", "open"},
      {"x='*'; [[ ab == $~x ]] && d=2", "open"},
  };
  const auto check = [](std::string_view shell, const auto& table) {
    for (const auto& [test, comes_out] : table) {
      CAPTURE(test);
      const std::string calls = walk(shell, "d=1; " + std::string(test) + "; echo end=$d");
      const bool one = calls.find("end=1") != std::string::npos,
                 two = calls.find("end=2") != std::string::npos;
      CHECK(std::string_view(one && two ? "open" : two ? "yes" : "no") == comes_out);
    }
  };
  check("bash", kBash);
  check("zsh", kZsh);
}

TEST_CASE("what is behind a condition that is known to fail leaves nothing") {
  constexpr std::string_view kBash[][2] = {
      {"false && d=2", "no"},
      {"true && d=2", "yes"},
      {": || d=2", "no"},
      {"false || d=2", "yes"},
      {"! true && d=2", "no"},
      {"! ! true && d=2", "yes"},
      {"/bin/false && d=2", "no"},
      {"/opt/x/false && d=2", "open"},
      {"command false && d=2", "no"},
      {"builtin true && d=2", "yes"},
      {"'fal'se && d=2", "no"},
      {"((0)) && d=2", "no"},
      {"((1)) && d=2", "yes"},
      {"((x)) && d=2", "open"},
      {"[ 1 ] && d=2", "yes"},
      {"[ -z x ] && d=2", "no"},
      {"test a = b && d=2", "no"},
      {"[ $x = b ] && d=2", "open"},
      {"[ 1 && d=2", "open"},
      {"false() { :; }; false && d=2", "open"},
      {"false >/nowhere/x && d=2", "open"},
      {"false | true && d=2", "open"},
      {"x=1 && d=2", "yes"},
      {"x=1 || d=2", "no"},
      {"x=$(false) || d=2", "open"},
      {"false && true || d=2", "yes"},
      {"true && false || d=2", "yes"},
      {"true || false && d=2", "yes"},
      {"y && false && d=2", "no"},
      {"y || true && d=2", "yes"},
      {"y && [[ a == a ]] || d=2", "open"},
      {"y && true && d=2", "open"},
      {"true && { true || d=2; }", "no"},
      {"true && { y || d=2; }", "open"},
      {"{ y; false; } && d=2", "no"},
      {"{ y & } && d=2", "yes"},
      {"( false ) || d=2", "yes"},
      {"if false; then d=2; fi", "no"},
      {"if true; then d=2; fi", "yes"},
      {"if y; then d=2; fi", "open"},
      {"if y; false; then d=2; fi", "no"},
      {"if true; then :; else d=2; fi", "no"},
      {"if false; then :; elif true; then d=2; else d=3; fi", "yes"},
      {"if y; then d=2; elif true; then d=2; else d=1; fi", "yes"},
      {"while false; do d=2; done", "no"},
      {"until true; do d=2; done", "no"},
      {"x=a; while [[ $x == a ]]; do x=b; d=2; done", "open"},
      {"false && eval 'd=2'", "no"},
      {"f() { d=2; }; false && f", "no"},
      {"true && false && d=2", "no"},
  };
  constexpr std::string_view kFish[][2] = {
      {"false; and set d 2", "no"},    {"true; and set d 2", "yes"},
      {"not true; and set d 2", "no"}, {"if false; set d 2; end", "no"},
      {"if y; set d 2; end", "open"},  {"begin; false; end; or set d 2", "yes"},
  };
  const auto check = [](std::string_view shell, std::string_view before, const auto& table) {
    for (const auto& [condition, comes_out] : table) {
      CAPTURE(condition);
      const std::string calls = walk(shell, std::string(before) + std::string(condition) + "; echo end=$d");
      const bool one = calls.find("end=1") != std::string::npos,
                 two = calls.find("end=2") != std::string::npos;
      CHECK(std::string_view(one && two ? "open" : two ? "yes" : "no") == comes_out);
    }
  };
  check("bash", "d=1; ", kBash);
  check("zsh", "d=1; ",
        std::vector<std::array<std::string_view, 2>>{{"false && d=2", "no"}, {"y && d=2", "open"}});
  check("fish", "set d 1; ", kFish);
}

TEST_CASE("it is walked all the same") {
  check_lines("bash", {
                          {"false && rm x", "false; rm x"},
                          {"if false; then a=1; rm $a; fi", "false; (a=1); rm 1"},
                          {"while false; do rm x; done", "false; rm x"},
                      });
}

TEST_CASE("loops take each known word") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"for i in a b; do rm $i; done", "rm a; rm b"},
                           {"for i in {1..3}; do echo $i; done", "echo 1; echo 2; echo 3"},
                           {"for i in $X; do rm $i; done", "rm $X"},
                           {"set -- a; for i; do rm $i; done", "set -- a; rm a"},
                           {"for ((i=0;i<2;i++)); do rm $i; done", "rm 0; rm 1"},
                       });
}

TEST_CASE("read takes what stands on its input") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"read a <<<rm; $a x", "read a <<<[rm\n] <{rm\n}; rm x"},
                           {"read a; rm $a", "read a; rm $a"},
                           {"read a b <<<\"c d\"; echo $a $b", "read a b <<<[c d\n] <{c d\n}; echo c d"},
                       });
}

TEST_CASE("what a function makes its own is as before when it ends") {
  for (const char* shell : {"bash", "zsh"})
    check_lines(shell, {
                           {"t=rm; f() { local t=ls; }; f; $t x", "(t=rm); t=ls local t=ls; rm x"},
                           {"f() { t=rm; }; f; $t x", "(t=rm); rm x"},
                           {"t=rm; f() { :; }; t=ls f; $t x", "(t=rm); :; rm x"},
                       });
  check_lines("sh", {{"t=rm; f() { local t=ls; }; f; $t x", "(t=rm); local t=ls; rm x"}});
  check_lines("bash", {
                          {"t=ls; f() { declare -g t=rm; }; f; $t x", "(t=ls); t=rm declare -g t=rm; rm x"},
                          {"t=ls; f() { export t=rm; }; f; $t x", "(t=ls); t=rm export t=rm; rm x"},
                          {"t=ls; f() { local t; t=rm; $t; }; f; $t x", "(t=ls); local t; (t=rm); rm; ls x"},
                          {"t=ls; f() { local t=rm; g; }; g() { $t; }; f", "(t=ls); t=rm local t=rm; rm"},
                      });
  check_lines("fish", {
                          {"set t rm; function f; set -l t ls; end; f; $t x", "set t rm; set -l t ls; rm x"},
                          {"set t ls; function f; set t rm; end; f; $t x", "set t ls; set t rm; rm x"},
                          {"function f; set t rm; end; f; $t x", "set t rm; $t x"},
                          {"function f; set -g t rm; end; f; $t x", "set -g t rm; rm x"},
                      });
}

TEST_CASE("a declaration expands braces in bash") {
  check_lines("bash", {{"declare t={ls,rm}; $t x", "t=rm declare t=rm; rm x"},
                       {"declare t='{ls,rm}'; $t x", "t={ls,rm} declare t={ls,rm}; {ls,rm} x"},
                       {"t={ls,rm}; $t x", "(t={ls,rm}); {ls,rm} x"}});
  check_lines("zsh", {{"typeset t={ls,rm}; $t x", "t={ls,rm} typeset t={ls,rm}; {ls,rm} x"}});
}

TEST_CASE("unset takes a variable or a function") {
  check_lines("bash", {
                          {"f() { rm x; }; f=1; unset f; f", "(f=1); unset f; rm x"},
                          {"f() { rm x; }; unset f; f", "unset f; f"},
                          {"t=rm; unset -f t; $t x", "(t=rm); unset -f t; rm x"},
                          {"f() { rm x; }; unset -v f; f", "unset -v f; rm x"},
                      });
}

}  // namespace cmdai::resolve
