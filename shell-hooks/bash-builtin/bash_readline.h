// Of the readline and history libraries inside bash: what is used here. bash-builtins has no header for them,
// and those of libreadline-dev are for another copy. The same in bash 5.1 to 5.3 (readline 8.1 to 8.3).
#ifndef CMDAI_BASH_READLINE_H
#define CMDAI_BASH_READLINE_H

#include <stdio.h>

typedef int readline_function(int count, int key);

extern FILE* rl_outstream;
extern char* rl_line_buffer;
extern int rl_point;
int rl_add_defun(const char* name, readline_function* function, int key);
readline_function* rl_named_function(const char* name);
int rl_newline(int count, int key);
void rl_replace_line(const char* text, int clear_undo);
int rl_on_new_line(void);
int rl_crlf(void);
int rl_pending_signal(void);
void rl_check_signals(void);
extern int (*rl_signal_event_hook)(void);
// What follows is read as if it were typed now, before what was typed ahead. Frees `keys` when they are
// through.
void _rl_with_macro_input(char* keys);  // NOLINT(bugprone-reserved-identifier): readline's name

extern char history_expansion_char;
extern char history_subst_char;
int history_expand(const char* line, char** out);
void add_history(const char* line);
void using_history(void);

#endif
