// Programs that a line calls: order, redirects, substitutions, functions, aliases, code in code.
#include <doctest/doctest.h>

#include "test/unit/resolve/walk.hpp"

namespace cmdai::resolve {

TEST_CASE("every simple command, in order") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"a; b && c || d | e &", "a; b; c; d; e"},
                           {"if a; then b; elif c; then d; else e; fi", "a; b; c; d; e"},
                           {"while a; do b; done", "a; b"},
                           {"case $(a) in b) c;; d) e;; esac", "a; c; e"},
                           {"(a; b) | { c; }", "a; b; c"},
                           {"! a", "a"},
                           {"time a", "a"},
                           {"a \\\n b", "a b"},
                           {"[[ $(a) ]] && ((b[$(c)]))", "a; c"},
                           {"coproc a", "a"},
                           {"select i in b; do c; done", "c"},
                       });
}

TEST_CASE("redirects and assignments without a program") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {">f", "(>f)"},
                           {"A=1", "(A=1)"},
                           {"A=$(b)", "b; (A=\342\200\246)"},
                           {"{ a; } >f", "(>f); a"},
                           {"if a; then b; fi <f", "(<f); a; b"},
                           {"a >f 2>&1", "a >f 2>&1"},
                           {"A=1 b", "A=1 b"},
                           {"exec >f", "exec >f"},
                       });
}

TEST_CASE("substitutions come before what uses them") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"a $(b)", "b; a \342\200\246"},
                           {"a \"$(b $(c))\"", "c; b \342\200\246; a \342\200\246"},
                           {"a `b`", "b; a \342\200\246"},
                           {"$(echo rm) x", "echo rm; rm x"},
                           {"$(echo rm -rf) x", "echo rm -rf; rm -rf x"},
                           {"\"$(echo rm x)\"", "echo rm x; [rm x]"},
                           {"a <(b) >(c)", "b; c; a /dev/fd/63 /dev/fd/63"},
                           {"a=$(echo rm); $a", "echo rm; (a=rm); rm"},
                           {"a ${b:-$(c)}", "c; a \342\200\246"},
                           {"a <<E\n$(b)\nE", "b; a <<[\342\200\246\n] <{\342\200\246\n}"},
                           {"a <<'E'\n$(b)\nE", "a <<[$(b)\n] <{$(b)\n}"},
                           {"echo $((1+$(b)))", "b; echo \342\200\246"},
                           {"$(printf rm) x", "printf rm; rm x"},
                       });
}

TEST_CASE("what stands on standard input") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"a <<<b", "a <<<[b\n] <{b\n}"},
                           {"a <<E\nb\nE", "a <<[b\n] <{b\n}"},
                           {"a < <(echo b)", "echo b; a <<<[b\n] <{b\n}"},
                           {"while a; do b; done < <(c)",
                            "c; (<<<\342\200\246); a <{\342\200\246}; b <{\342\200\246}"},
                           {"cat <<E | sh\nrm x\nE", "cat <<[rm x\n] <{rm x\n}; sh"},
                       });
}

TEST_CASE("functions") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"f() { rm $1; }; f x", "rm x"},
                           {"f() { rm \"$@\"; }; f x \"y z\"", "rm x [y z]"},
                           {"f() { rm $1; }", "rm $1"},
                           {"f() { g; }; g() { rm x; }; f", "rm x"},
                           {"ls() { rm x; }; ls", "rm x"},
                           {"f() { f; }; f", "f"},
                           {"f() { a; }; f >x", "(>x); a"},
                           {"f() { echo rm; }; $(f) x", "echo rm; rm x"},
                           {"f() { A=1; }; f; echo $A", "(A=1); echo 1"},
                           {"f() { echo $#; }; f a b", "echo 2"},
                           {"function f { a; }; f", "a"},
                           {"unset -f f; f", "unset -f f; f"},
                           {"f() { a; }; b && f() { c; }; f", "b; c; a"},
                           {"if a; then f() { b; }; else f() { c; }; fi; f", "a; c; b"},
                       });
}

TEST_CASE("aliases of the line count in an interactive shell") {
  for (const char* shell : {"bash-interactive"})
    check_lines(shell, {
                           {"alias l='rm x'\nl y", "alias [l=rm x]; rm x y"},
                           {"alias l='rm '\nl", "alias [l=rm ]; rm"},
                           {"l y", "l y"},
                       });
}

TEST_CASE("and not in a script") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"alias l='rm x'\nl y", "alias [l=rm x]; l y"},
                       });
}

TEST_CASE("code in code") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"eval 'rm x'", "eval [rm x]; rm x"},
                           {"eval rm x", "eval rm x; rm x"},
                           {"eval \"rm $X\"", "eval [rm $X]; rm $X"},
                           {"eval $X", "eval $X; !the code is not known before it runs"},
                           {"sh -c 'rm $1' _ x", "sh -c [rm $1] _ x; rm x"},
                           {"sh -c 'echo $0' n", "sh -c [echo $0] n; echo n"},
                           {"sh -c '\"$0\" \"$@\"' rm -rf x", "sh -c [\"$0\" \"$@\"] rm -rf x; rm -rf x"},
                           {"a='rm x'; eval \"$a\"", "(a=[rm x]); eval [rm x]; rm x"},
                           {"eval eval rm x", "eval eval rm x; eval rm x; rm x"},
                           {"sh -c 'a=1'; echo $a", "sh -c a=1; (a=1); echo $a"},
                           {"eval a=1; echo $a", "eval a=1; (a=1); echo 1"},
                           {"sh -c 'rm x' | b", "sh -c [rm x]; rm x; b"},
                       });
}

TEST_CASE("what does not run because of an error is still reported") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"rm x; fi", "rm x"},
                           {"rm x \"", "rm x []"},
                       });
}

TEST_CASE("braces") {
  for (const char* shell : {"bash"})
    check_lines(shell, {
                           {"{rm,x}", "rm x"},
                           {"rm {a,b}{c,d}", "rm ac ad bc bd"},
                           {"{r..r}m x", "rm x"},
                           {"rm \"{a,b}\"", "rm {a,b}"},
                           {"a=r; {$a,b}m", "(a=r); $am bm"},
                       });
}

TEST_CASE("zsh") {
  for (const char* shell : {"zsh"})
    check_lines(shell, {
                           {"=rm x", "rm x"},
                           {"() { rm $1 } x", "rm x"},
                           {"if [[ a ]] rm x", "rm x"},
                           {"repeat 2 rm x", "rm x"},
                           {"for i (a b) rm $i", "rm a; rm b"},
                           {"f g() { rm x }; g", "rm x; rm x"},
                           {"{ a } always { b }", "a; b"},
                           {"rm *(.)", "rm *(.)"},
                           {"noglob rm x", "noglob rm x"},
                       });
}

TEST_CASE("fish") {
  for (const char* shell : {"fish"})
    check_lines(shell, {
                           {"begin; a; end", "a"},
                           {"a; and b; or c", "a; b; c"},
                           {"if a; b; else; c; end", "a; b; c"},
                           {"for i in x y; rm $i; end", "rm x; rm y"},
                           {"switch a; case b; c; end", "c"},
                           {"function f; rm $argv; end; f x", "rm x"},
                           {"function f; rm $argv[2]; end; f x y", "rm y"},
                           {"function f; rm $argv[-1] $argv[1]; end; f x y", "rm y x"},
                           {"a (b)", "b; a \342\200\246"},
                           {"a \"$(b)\"", "b; a \342\200\246"},
                           {"not a", "a"},
                           {"A=1 b", "A=1 b"},
                       });
}

}  // namespace cmdai::resolve
