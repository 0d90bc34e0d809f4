// From the references of Python 3.11, Node 20, Deno 1.40, Bun 1, Perl 5.36, Ruby 3.1, PHP 8.2, Lua 5.4,
// R 4.2, Julia 1.9, V 0.4, Octave 8, Elixir 1.15, Erlang/OTP 25 and the Lisps.
#include "libcore/commands/languages.hpp"

#include <algorithm>
#include <string>

namespace cmdai::commands {
namespace {

constexpr Callee kPython[] = {{"os.system", Does::shell},
                              {"os.popen", Does::shell},
                              {"subprocess.run", Does::argv},
                              {"subprocess.call", Does::argv},
                              {"subprocess.Popen", Does::argv},
                              {"subprocess.check_call", Does::argv},
                              {"subprocess.check_output", Does::argv},
                              {"subprocess.getoutput", Does::shell},
                              {"subprocess.getstatusoutput", Does::shell},
                              {"pty.spawn", Does::argv},
                              {"os.execl", Does::argv},
                              {"os.execlp", Does::argv},
                              {"os.execv", Does::argv},
                              {"os.execvp", Does::argv},
                              {"os.spawnl", Does::argv},
                              {"shutil.rmtree", Does::deletes_all},
                              {"os.remove", Does::deletes},
                              {"os.unlink", Does::deletes},
                              {"os.rmdir", Does::deletes},
                              {"os.removedirs", Does::deletes_all},
                              {"rmtree", Does::deletes_all},
                              {"shutil.move", Does::moves},
                              {"os.rename", Does::moves},
                              {"os.replace", Does::moves},
                              {"shutil.copy", Does::copies},
                              {"shutil.copy2", Does::copies},
                              {"shutil.copyfile", Does::copies},
                              {"os.truncate", Does::writes},
                              {"py_compile.compile", Does::copies},  // what it writes runs as its source does
                              {"write_text", Does::writes, true},
                              {"write_bytes", Does::writes, true},
                              {"read_text", Does::reads, true},
                              {"read_bytes", Does::reads, true},
                              {"unlink", Does::deletes, true},
                              {"rmdir", Does::deletes, true},
                              {"check_output", Does::argv},
                              {"Popen", Does::argv},
                              {"system", Does::shell},
                              {"popen", Does::shell},
                              {"spawn", Does::argv}};
constexpr Callee kNode[] = {{"exec", Does::shell},
                            {"execSync", Does::shell},
                            {"spawn", Does::argv},
                            {"spawnSync", Does::argv},
                            {"execFile", Does::argv},
                            {"execFileSync", Does::argv},
                            {"rmSync", Does::deletes},
                            {"rm", Does::deletes},
                            {"rmdirSync", Does::deletes},
                            {"rmdir", Does::deletes},
                            {"unlinkSync", Does::deletes},
                            {"unlink", Does::deletes},
                            {"rimraf", Does::deletes_all},
                            {"writeFileSync", Does::writes},
                            {"writeFile", Does::writes},
                            {"appendFileSync", Does::appends},
                            {"appendFile", Does::appends},
                            {"createWriteStream", Does::writes},
                            {"createReadStream", Does::reads},
                            {"truncateSync", Does::writes},
                            {"truncate", Does::writes},
                            {"renameSync", Does::moves},
                            {"rename", Does::moves},
                            {"copyFileSync", Does::copies},
                            {"copyFile", Does::copies},
                            {"cpSync", Does::copies}};
constexpr Callee kDeno[] = {{"Deno.Command", Does::argv},
                            {"Deno.run", Does::argv},
                            {"Deno.remove", Does::deletes},
                            {"Deno.removeSync", Does::deletes},
                            {"Deno.writeTextFile", Does::writes},
                            {"Deno.writeTextFileSync", Does::writes},
                            {"Deno.writeFile", Does::writes},
                            {"Deno.writeFileSync", Does::writes},
                            {"Deno.truncate", Does::writes},
                            {"Deno.rename", Does::moves},
                            {"Deno.renameSync", Does::moves},
                            {"Deno.copyFile", Does::copies},
                            {"Deno.readTextFile", Does::reads},
                            {"Deno.readTextFileSync", Does::reads},
                            {"Bun.write", Does::writes},
                            {"appendFileSync", Does::appends},
                            {"renameSync", Does::moves},
                            {"execSync", Does::shell},
                            {"exec", Does::shell},
                            {"spawn", Does::argv},
                            {"spawnSync", Does::argv},
                            {"Bun.spawn", Does::argv},
                            {"Bun.spawnSync", Does::argv},
                            {"execFileSync", Does::argv},
                            {"rmSync", Does::deletes},
                            {"rm", Does::deletes},
                            {"rmdirSync", Does::deletes},
                            {"unlinkSync", Does::deletes},
                            {"unlink", Does::deletes},
                            {"writeFileSync", Does::writes},
                            {"writeFile", Does::writes}};
constexpr Callee kPerl[] = {{"system", Does::shell},
                            {"exec", Does::shell},
                            {"unlink", Does::deletes},
                            {"rmtree", Does::deletes_all},
                            {"remove_tree", Does::deletes_all},
                            {"rmdir", Does::deletes},
                            {"rename", Does::moves},
                            {"move", Does::moves},
                            {"copy", Does::copies},
                            {"qx", Does::shell},
                            {"popen", Does::shell}};
constexpr Callee kRuby[] = {{"system", Does::shell},
                            {"exec", Does::shell},
                            {"spawn", Does::shell},
                            {"rm_rf", Does::deletes_all},
                            {"rm_r", Does::deletes_all},
                            {"rm", Does::deletes},
                            {"remove_dir", Does::deletes_all},
                            {"remove_entry", Does::deletes_all},
                            {"remove_entry_secure", Does::deletes_all},
                            {"rm_f", Does::deletes},
                            {"remove_file", Does::deletes},
                            {"safe_unlink", Does::deletes},
                            {"File.write", Does::writes},
                            {"IO.write", Does::writes},
                            {"File.binwrite", Does::writes},
                            {"File.truncate", Does::writes},
                            {"File.rename", Does::moves},
                            {"FileUtils.mv", Does::moves},
                            {"FileUtils.move", Does::moves},
                            {"FileUtils.cp", Does::copies},
                            {"FileUtils.copy", Does::copies},
                            {"rmtree", Does::deletes_all},
                            {"unlink", Does::deletes},
                            {"delete", Does::deletes},
                            {"popen", Does::shell}};
constexpr Callee kPhp[] = {{"system", Does::shell},
                           {"exec", Does::shell},
                           {"shell_exec", Does::shell},
                           {"passthru", Does::shell},
                           {"popen", Does::shell},
                           {"proc_open", Does::shell},
                           {"file_put_contents", Does::writes},
                           {"rename", Does::moves},
                           {"copy", Does::copies},
                           {"file", Does::reads},
                           {"unlink", Does::deletes},
                           {"rmdir", Does::deletes}};
constexpr Callee kAwk[] = {{"system", Does::shell}};
constexpr Callee kLua[] = {
    {"execute", Does::shell}, {"popen", Does::shell}, {"remove", Does::deletes}, {"os.rename", Does::moves}};

/// V 0.4, module os.
constexpr Callee kV[] = {{"os.system", Does::shell},
                         {"os.execute", Does::shell},
                         {"os.execute_opt", Does::shell},
                         {"os.execute_or_exit", Does::shell},
                         {"os.execute_or_panic", Does::shell},
                         {"os.new_process", Does::argv},
                         {"os.execvp", Does::argv},
                         {"os.execve", Does::argv},
                         {"os.rm", Does::deletes},
                         {"os.rmdir", Does::deletes},
                         {"os.rmdir_all", Does::deletes_all},
                         {"os.write_file", Does::writes},
                         {"os.write_lines", Does::writes},
                         {"os.create", Does::writes},
                         {"os.truncate", Does::writes},
                         {"os.read_file", Does::reads},
                         {"os.read_lines", Does::reads},
                         {"os.read_bytes", Does::reads},
                         {"os.mv", Does::moves},
                         {"os.rename", Does::moves},
                         {"os.cp", Does::copies},
                         {"os.cp_all", Does::copies}};

constexpr Callee kR[] = {{"system", Does::shell},        {"system2", Does::argv},
                         {"shell", Does::shell},         {"unlink", Does::deletes},
                         {"file.remove", Does::deletes}, {"dir_delete", Does::deletes_all}};
constexpr Callee kJulia[] = {{"rm", Does::deletes},  // run(`…`) is read as a line
                             {"write", Does::writes},
                             {"mv", Does::moves},
                             {"cp", Does::copies}};
constexpr Callee kOctave[] = {{"system", Does::shell},  {"unix", Does::shell},     {"shell_cmd", Does::shell},
                              {"rmdir", Does::deletes}, {"delete", Does::deletes}, {"unlink", Does::deletes}};
constexpr Callee kElixir[] = {{"System.cmd", Does::argv},    {"System.shell", Does::shell},
                              {"os.cmd", Does::shell},       {"File.rm", Does::deletes},
                              {"File.rmdir", Does::deletes}, {"File.rm_rf", Does::deletes_all},
                              {"File.write", Does::writes}};
constexpr Callee kErlang[] = {
    {"cmd", Does::shell}, {"del_dir_r", Does::deletes_all}, {"delete", Does::deletes}};
/// Guile, Racket, Common Lisp, Clojure, Emacs Lisp.
constexpr Callee kLisp[] = {{"system", Does::shell},
                            {"system*", Does::argv},
                            {"process", Does::shell},
                            {"process*", Does::argv},
                            {"run-program", Does::argv},
                            {"run-shell-command", Does::shell},
                            {"sh", Does::argv},
                            {"shell", Does::argv},
                            {"shell-command", Does::shell},
                            {"shell-command-to-string", Does::shell},
                            {"async-shell-command", Does::shell},
                            {"call-process-shell-command", Does::shell},
                            {"call-process", Does::argv},
                            {"process-lines", Does::argv},
                            {"delete-file", Does::deletes},
                            {"delete-directory", Does::deletes},
                            {"delete-directory.files", Does::deletes_all},
                            {"delete-directory-tree", Does::deletes_all}};

const Language kLanguages[] = {
    {"python python2 python3 pypy pypy3 ipython", kPython, CodeStyle::python},
    {"deno bun", kDeno, CodeStyle::javascript},
    {"node nodejs tsx ts-node", kNode, CodeStyle::javascript},
    {"perl", kPerl, CodeStyle::perl},
    {"ruby irb", kRuby, CodeStyle::ruby},
    {"php", kPhp, CodeStyle::php},
    {"awk gawk mawk nawk", kAwk, CodeStyle::awk},
    {"lua luajit", kLua, CodeStyle::lua},
    {"v vlang", kV, CodeStyle::javascript},
    {"jjs", kNode, CodeStyle::javascript, true},
    {"R Rscript", kR, CodeStyle::python, true},
    {"julia", kJulia, CodeStyle::julia, true},
    {"octave octave-cli", kOctave, CodeStyle::python, true},
    {"elixir iex", kElixir, CodeStyle::elixir, true},
    {"erl", kErlang, CodeStyle::erlang, true},
    {"guile racket sbcl clisp csi clojure clj bb emacs emacsclient", kLisp, CodeStyle::lisp, true},
};

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

}  // namespace

const Callee* find_callee(std::span<const Callee> callees, const CodeCall& call) {
  for (const Callee& c : callees) {
    if (c.method && call.on.empty()) continue;
    if (c.name.find('.') != std::string_view::npos
            ? call.name == c.name
            : call.name == c.name || call.name.ends_with("." + std::string(c.name)))
      return &c;
  }
  return nullptr;
}

const Language& language_of(std::string_view program) {
  for (const Language& l : kLanguages) {
    std::string_view names = l.programs;
    while (!names.empty()) {
      const size_t blank = std::min(names.find(' '), names.size());
      const std::string_view name = names.substr(0, blank);  // python3.12, but racket is no R
      if (program.starts_with(name) &&
          program.substr(name.size()).find_first_of(kLetters) == std::string_view::npos)
        return l;
      names.remove_prefix(std::min(blank + 1, names.size()));
    }
  }
  return kLanguages[0];
}

}  // namespace cmdai::commands
