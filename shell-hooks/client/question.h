// The question of a verdict `ask`, until a person has decided, and the answer to the daemon.
#ifndef CMDAI_HOOK_QUESTION_H
#define CMDAI_HOOK_QUESTION_H

#include <stdbool.h>

// True: the command is to run. `id`: of the verdict.
bool put_question(int terminal, const char* id);

#endif
