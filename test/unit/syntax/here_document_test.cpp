// Here-documents.
#include "test/unit/syntax/table.hpp"

namespace cmdai::syntax {

TEST_CASE("bodies") {
  check("bash sh zsh", {
                           {"cat <<E\na\nE\n", "cat <<E{'a\\n'}"},
                           {"cat <<E\na\nE", "cat <<E{'a\\n'}"},
                           {"cat <<E\nE\n", "cat <<E{}"},
                           {"cat <<E\n$(a) `b` $c ${d:-e} $((1))\nE\n",
                            "cat <<E{$(a)' '$(b)' '$c' '${d:- 'e'}' '$((1))'\\n'}"},
                           {"cat <<-E\n\ta\n\tE\nb", "cat <<-E{'\ta\\n'}; b"},
                           {"cat <<E; a\nb\nE\nc", "cat <<E{'b\\n'}; a; c"},
                           {"cat <<A <<B\na\nA\nb\nB\n", "cat <<A{'a\\n'} <<B{'b\\n'}"},
                           {"cat <<E | a\nb\nE\n", "cat <<E{'b\\n'} | a"},
                           {"cat <<E &&\na\nE\nb", "cat <<E{'a\\n'} && b"},
                           {"cat <<E\n\"a\" 'b' \\$c \\d\nE\n", "cat <<E{'\"a\" 'b' ''$''c ''\\d''\\n'}"},
                           {"(cat <<E\na\nE\n)", "( cat <<E{'a\\n'} )"},
                           {"if cat <<E\na\nE\nthen b; fi", "if[cat <<E{'a\\n'}: b]"},
                       });
}

TEST_CASE("a quoted delimiter makes the body data") {
  check("bash sh zsh", {
                           {"cat <<'E'\n$(a)\nE\n", "cat <<'E'{'$(a)\\n'}"},
                           {"cat <<\"E\"\n$(a)\nE\n", "cat <<'E'{'$(a)\\n'}"},
                           {"cat <<\\E\n$(a)\nE\n", "cat <<'E'{'$(a)\\n'}"},
                           {"cat <<E\"O\"F\n$(a)\nEOF\n", "cat <<E'O'F{'$(a)\\n'}"},
                           {"cat <<''\na\n\nb", "cat <<''{'a\\n'}; b"},
                           {"cat <<'E F'\na\nE F\n", "cat <<'E F'{'a\\n'}"},
                       });
}

TEST_CASE("lines that are not the delimiter") {
  check("bash sh zsh", {
                           {"cat <<E\nE \n E\nE\n", "cat <<E{'E \\n E\\n'}"},
                           {"cat <<-E\n  E\n\tE\n", "cat <<-E{'  E\\n'}"},
                           {"cat <<E\na\\\nE\nE\n", "cat <<E{'a''E\\n'}"},
                           {"cat <<E\nEE\nE\n", "cat <<E{'EE\\n'}"},
                       });
}

TEST_CASE("a joined line is the delimiter") {
  check("bash zsh", {
                        {"cat <<EOF\nE\\\nOF\na\nEOF", "cat <<EOF{}; a; EOF"},
                    });
}

TEST_CASE("not in dash") {
  check("sh", {
                  {"cat <<EOF\nE\\\nOF\na\nEOF\n", "cat <<EOF{'E''OF\\na\\n'}"},
              });
}

TEST_CASE("without its end") {
  check("bash", {
                    {"cat <<E\na", "cat <<E{'a'}"},
                    {"cat <<E", "cat <<E{}"},
                    {"cat <<E\n", "cat <<E{}"},
                    {"a <<E\n$(b)", "a <<E{$(b)}"},
                });
}

TEST_CASE("in substitutions") {
  check("bash", {
                    {"echo $(cat <<E\na\nE\n) b", "echo $(cat <<E{'a\\n'}) b"},
                    {"echo $(cat <<E\na\nE) b", "echo $(cat <<E{'a\\n'}) b"},
                    {"cat <<E $(\na\n)\nb\nE\n", "cat $(a) <<E{'b\\n'}"},
                    {"echo $(cat <<E)\na\nE\nb", "echo $(cat <<E{'a\\n'}); b"},
                    {"cat <<'A'; echo \"$(cat <<'B'\nb\nB\n)\"\na\nA\n",
                     "cat <<'A'{'a\\n'}; echo $(cat <<'B'{'b\\n'})"},
                    {"cat <(cat <<E\na\nE\n)", "cat <(cat <<E{'a\\n'})"},
                });
}

TEST_CASE("sh and zsh end it with the substitution") {
  check("sh zsh", {
                      {"echo $(cat <<E)\na\nE\n", "echo $(cat <<E{}); a; E"},
                      {"cat <<E $(\na\n)\nb\nE\n", "cat $(a) <<E{'b\\n'}"},
                  });
}

TEST_CASE("bash: an error in the body stays there") {
  check("bash", {
                    {"cat <<E\n`\nE\na", "cat <<E{$()}; a"},
                    {"cat <<E\n$(\nE\na", "cat <<E{$()}; a"},
                    {"cat <<E\n${\nE\na", "cat <<E{${bad, '\\n'}}; a"},
                });
}

TEST_CASE("in backquotes") {
  check("bash zsh", {
                        {"echo `cat <<E\na\nE\n`", "echo $(cat <<E{'a\\n'})"},
                    });
}

}  // namespace cmdai::syntax
