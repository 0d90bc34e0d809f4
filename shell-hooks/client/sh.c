// cmdai-sh: a shell for programs that let one choose the shell. It asks about what it is to run and becomes
// the real shell: `cmdai-bash -c TEXT` is `bash -c TEXT` when that may run, else status 126 with the reason
// on standard error. Which shell it is comes from its name (cmdai-bash, cmdai-zsh, cmdai-sh, bash …: links to
// this program) or from CMDAI_REAL_SHELL, a path. Commands from standard input and prompts are handed on
// unread.
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "invocation.h"
#include "start.h"

static const char* base_name(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static bool is_this_program(const char* path) {
  struct stat own;
  struct stat other;
  return stat("/proc/self/exe", &own) == 0 && stat(path, &other) == 0 && own.st_dev == other.st_dev &&
         own.st_ino == other.st_ino;
}

static bool is_program(const char* path) {
  struct stat info;
  return path[0] == '/' && stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0 &&
         !is_this_program(path);
}

static bool find_in(const char* folders, const char* name, char* out) {
  while (*folders != 0) {
    const size_t length = strcspn(folders, ":");
    const int n = snprintf(out, PATH_MAX, "%.*s/%s", (int)length, folders, name);
    if (n > 0 && n < PATH_MAX && is_program(out)) return true;
    folders += length + (folders[length] == ':');
  }
  return false;
}

// The real shell. False: there is none.
static bool find_shell(const char* called, char* out) {
  const char* named = getenv("CMDAI_REAL_SHELL");
  const char* path = getenv("PATH");
  if (named != NULL && named[0] != 0)
    return snprintf(out, PATH_MAX, "%s", named) < PATH_MAX && is_program(out);
  if (called[0] == '-') ++called;  // a login shell
  const char* name = base_name(called);
  if (strncmp(name, "cmdai-", 6) == 0) name += 6;
  if (path != NULL && find_in(path, name, out)) return true;
  return find_in("/bin:/usr/bin:/usr/local/bin", name, out);
}

// cmdai, by where this program is: the build tree, or libexec or bin of the installation.
static const char* find_cmdai(void) {
  static char path[PATH_MAX];
  static const char* const kPlaces[] = {"/../../daemon/cli/cmdai", "/../../bin/cmdai", "/cmdai"};
  char own[PATH_MAX - 64];
  const ssize_t n = readlink("/proc/self/exe", own, sizeof own - 1);
  if (n <= 0) return NULL;
  own[n] = 0;
  char* slash = strrchr(own, '/');
  if (slash == NULL) return NULL;
  *slash = 0;
  for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces; ++i) {
    snprintf(path, sizeof path, "%s%s", own, kPlaces[i]);
    if (access(path, X_OK) == 0) return path;
  }
  return NULL;
}

// A snippet of `cmdai init --non-interactive` does not ask again in this very process; it takes the mark
// away.
static void mark_as_judged(enum shell shell) {
  char pid[24];
  if (shell == kSh || (shell == kBash && getenv("BASH_ENV") == NULL)) return;  // reads none
  snprintf(pid, sizeof pid, "%ld", (long)getpid());
  setenv("CMDAI_JUDGED", pid, 1);
}

static bool judge(const char* shell_path, char** argv) {
  static struct text command;
  struct invocation in;
  enum shell shell = shell_from_name(base_name(shell_path));
  if (shell == kNoShell) shell = kSh;  // ksh and the like: near enough to be read
  read_invocation(shell, argv, &in);
  if (!command_of(shell, &in, &command)) return true;
  // Nobody chose this program to have commands run unread: without any answer they do not run.
  const struct start start = {shell_name(shell), command.bytes, command.size, command.too_large,
                              getpid(),          find_cmdai(),  true};
  if (!may_start(&start)) return false;
  mark_as_judged(shell);
  return true;
}

// The shell must find its own name: zsh and bash read from it what they are to be.
static char* name_for(const char* shell_path, const char* called) {
  static char name[NAME_MAX + 2];
  snprintf(name, sizeof name, "%s%s", called[0] == '-' ? "-" : "", base_name(shell_path));
  return name;
}

// What asking changes, and the shell inherits as we were given it.
static const int kOurSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};

int main(int argc, char** argv) {
  static char shell[PATH_MAX];
  if (argc < 1) return 127;
  if (!find_shell(argv[0], shell)) {
    dprintf(2,
            "cmdai-sh: no shell to run: `%.200s` names none\nhint: call it cmdai-bash, cmdai-zsh or "
            "cmdai-sh, or set CMDAI_REAL_SHELL to the path of a shell\n",
            getenv("CMDAI_REAL_SHELL") != NULL ? getenv("CMDAI_REAL_SHELL") : argv[0]);
    return 127;
  }
  struct sigaction found[sizeof kOurSignals / sizeof *kOurSignals];
  for (size_t i = 0; i < sizeof kOurSignals / sizeof *kOurSignals; ++i)
    sigaction(kOurSignals[i], NULL, &found[i]);
  signal(SIGPIPE, SIG_IGN);
  const bool run = judge(shell, argv);
  for (size_t i = 0; i < sizeof kOurSignals / sizeof *kOurSignals; ++i)
    sigaction(kOurSignals[i], &found[i], NULL);
  if (!run) return kRefusedStatus;
  argv[0] = name_for(shell, argv[0]);
  execv(shell, argv);
  dprintf(2, "cmdai-sh: %s cannot be run: %s\n", shell, strerror(errno));
  return 126;
}
