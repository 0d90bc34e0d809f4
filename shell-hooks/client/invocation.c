#include "invocation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum shell shell_from_name(const char* name) {
  static const char* const kNames[] = {"bash", "sh", "zsh", "fish", "dash", "ash", "rbash"};
  static const enum shell kShells[] = {kBash, kSh, kZsh, kFish, kSh, kSh, kBash};
  for (size_t i = 0; i < sizeof kNames / sizeof *kNames; ++i)
    if (strcmp(name, kNames[i]) == 0) return kShells[i];
  return kNoShell;
}

const char* shell_name(enum shell shell) {
  static const char* const kNames[] = {"bash", "sh", "zsh", "fish", "sh"};
  return kNames[shell];
}

static bool is_one_of(const char* word, const char* const* names) {
  for (; *names != NULL; ++names)
    if (strcmp(word, *names) == 0) return true;
  return false;
}

static void set_operands(struct invocation* out, char* const* argv, bool string) {
  if (string) {
    out->string = argv[0];
  } else if (!out->stdin_commands) {
    out->script = argv[0];
  }
  out->rest = argv[0] != NULL ? argv + 1 : argv;
}

// bash(1), "OPTIONS": long ones, with one dash or two, stand before the short ones.
static char* const* read_bash_long_options(char* const* argv, struct invocation* out) {
  static const char* const kPlain[] = {"debug",      "debugger", "dump-po-strings", "dump-strings",
                                       "help",       "login",    "noediting",       "noprofile",
                                       "norc",       "posix",    "pretty-print",    "protected",
                                       "restricted", "verbose",  "version",         "wordexp",
                                       NULL};
  static const char* const kWithFile[] = {"rcfile", "init-file", NULL};
  for (; *argv != NULL && argv[0][0] == '-'; ++argv) {
    const char* name = *argv + (argv[0][1] == '-' ? 2 : 1);
    if (is_one_of(name, kWithFile) && argv[1] != NULL)
      out->rcfile = *++argv;
    else if (!is_one_of(name, kPlain))
      break;
  }
  return argv;
}

// sh(1), bash(1), zshoptions(1): clusters behind `-` and `+`; `o` and `O` take the next word, and so does
// zsh's `--emulate`. Options go on behind a cluster with `c`: its text is the first operand.
static void read_posix(enum shell shell, char* const* argv, struct invocation* out) {
  bool string = false;
  if (shell == kBash || shell == kSh) argv = read_bash_long_options(argv, out);
  bool last = false;  // zsh: behind `-b`, and a `-` in a cluster, options end
  for (; !last && *argv != NULL && (argv[0][0] == '-' || argv[0][0] == '+'); ++argv) {
    const char* word = *argv;
    if (strcmp(word, "-") == 0 || strcmp(word, "--") == 0) {
      ++argv;
      break;
    }
    if (strncmp(word, "--", 2) == 0) {  // zsh: an option by its name
      if (strcmp(word, "--emulate") == 0 && argv[1] != NULL) ++argv;
      continue;
    }
    for (const char* at = word + 1; *at != 0; ++at) {
      if (*at == 'c') string = true;  // also behind `+`
      if (shell == kZsh && (*at == 'b' || *at == '-')) last = true;
      if (*at == 's') out->stdin_commands = word[0] == '-';
      if (*at != 'o' && (*at != 'O' || shell == kZsh)) continue;
      if (shell == kZsh && at[1] != 0) break;  // -oNAME
      if (argv[1] == NULL) break;
      ++argv;
      if (*at == 'O' && word[0] == '-' && strcmp(*argv, "extglob") == 0) out->extglob = true;
    }
  }
  set_operands(out, argv, string);
}

// getopt_long(3) takes any beginning of a name that is the beginning of no other; where it is, fish runs
// nothing.
static bool begins_one_of(const char* word, const char* const* names) {
  for (; *names != NULL; ++names)
    if (strncmp(word, *names, strlen(word)) == 0) return true;
  return false;
}

// fish(1): getopt_long that stops at the first operand; `-C` and `-c` may be given several times.
static void read_fish(char* const* argv, struct invocation* out) {
  static const char* const kCode[] = {"command", "init-command", NULL};
  static const char* const kValue[] = {"debug",    "debug-output", "debug-level",     "debug-stack-frames",
                                       "features", "profile",      "profile-startup", NULL};
  bool string = false;
  for (; *argv != NULL && argv[0][0] == '-' && argv[0][1] != 0; ++argv) {
    const char* word = *argv;
    const char* code = NULL;
    if (strcmp(word, "--") == 0) {
      ++argv;
      break;
    }
    if (word[1] == '-') {
      char name[32];
      const char* equals = strchr(word, '=');
      const size_t size = equals != NULL ? (size_t)(equals - word - 2) : strlen(word + 2);
      snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : sizeof name - 1), word + 2);
      const bool is_code = begins_one_of(name, kCode);
      if (!is_code && !begins_one_of(name, kValue)) continue;
      const char* value = equals != NULL ? equals + 1 : argv[1] != NULL ? *++argv : NULL;
      if (is_code) code = value;
      string |= is_code && name[0] == 'c';
    } else {
      for (const char* at = word + 1; *at != 0; ++at) {
        if (strchr("cCdDfop", *at) == NULL) continue;
        const char* value = at[1] != 0 ? at + 1 : argv[1] != NULL ? *++argv : NULL;
        if (*at == 'c' || *at == 'C') code = value;
        string |= *at == 'c';
        break;
      }
    }
    if (code == NULL) continue;
    if (out->more_count < sizeof out->more / sizeof *out->more)
      out->more[out->more_count++] = code;
    else
      out->too_many = true;
  }
  if (string) {
    out->string = out->more[0];
    out->rest = argv;
  } else {
    set_operands(out, argv, false);
  }
}

void read_invocation(enum shell shell, char* const* argv, struct invocation* out) {
  memset(out, 0, sizeof *out);
  if (*argv != NULL) ++argv;
  if (shell == kFish)
    read_fish(argv, out);
  else
    read_posix(shell, argv, out);
}

static void put(struct text* out, const char* bytes, size_t size) {
  if (out->too_large || size > sizeof out->bytes - out->size) {
    out->too_large = true;
    return;
  }
  memcpy(out->bytes + out->size, bytes, size);
  out->size += size;
}

static void put_string(struct text* out, const char* string) { put(out, string, strlen(string)); }

static bool is_plain(const char* word) {
  static const char kPlain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./,:@%+-";
  return word[0] != 0 && word[strspn(word, kPlain)] == 0;
}

// A blank and the word, as the shell reads it back. In fish's single quotes a backslash escapes.
static void put_word(enum shell shell, struct text* out, const char* word) {
  put_string(out, " ");
  if (is_plain(word)) return put_string(out, word);
  put_string(out, "'");
  for (; *word != 0; ++word) {
    if (shell == kFish && (*word == '\'' || *word == '\\')) put_string(out, "\\");
    if (shell != kFish && *word == '\'')
      put_string(out, "'\\''");
    else
      put(out, word, 1);
  }
  put_string(out, "'");
}

// bash(1), "INVOCATION": a script that is not in the directory is looked for in PATH. Other shells do not.
static const char* script_path(enum shell shell, const char* script, char* room, size_t size) {
  const char* path = getenv("PATH");
  if (shell != kBash || strchr(script, '/') != NULL || access(script, F_OK) == 0) return script;
  while (path != NULL && *path != 0) {
    const size_t length = strcspn(path, ":");
    const int n = snprintf(room, size, "%.*s/%s", (int)length, path, script);
    if (length > 0 && n > 0 && (size_t)n < size && access(room, R_OK) == 0) return room;
    path += length + (path[length] == ':');
  }
  return script;
}

static void put_code(enum shell shell, const struct invocation* in, struct text* out, bool quoted) {
  if (in->more_count == 0) return quoted ? put_word(shell, out, in->string) : put_string(out, in->string);
  static struct text joined;
  joined.size = 0;
  for (size_t i = 0; i < in->more_count; ++i) {
    if (i > 0) put_string(&joined, "\n");
    put_string(&joined, in->more[i]);
  }
  put(&joined, "", 1);
  if (joined.too_large)
    out->too_large = true;
  else if (quoted)
    put_word(shell, out, joined.bytes);
  else
    put(out, joined.bytes, joined.size - 1);
}

bool command_of(enum shell shell, const struct invocation* in, struct text* out) {
  char room[4096];
  out->size = 0;
  out->too_large = in->too_many;
  const bool code = in->string != NULL || in->more_count > 0;
  if (!code && in->script == NULL && in->rcfile == NULL) return false;
  if (code && in->script == NULL && !in->extglob && *in->rest == NULL) {
    put_code(shell, in, out, false);
    return true;
  }
  put_string(out, shell_name(shell));
  if (in->rcfile != NULL && !code && in->script == NULL)
    put_word(shell, out, "--rcfile"), put_word(shell, out, in->rcfile);
  if (in->extglob) put_string(out, " -O extglob");
  if (code) put_string(out, in->string != NULL ? " -c" : " -C"), put_code(shell, in, out, true);
  if (in->script != NULL) {
    if (in->script[0] == '-') put_string(out, " --");
    put_word(shell, out, script_path(shell, in->script, room, sizeof room));
  }
  for (char* const* word = in->rest; *word != NULL; ++word) put_word(shell, out, *word);
  return true;
}
