// What the functions hold that a line calls, for the check about it.
#ifndef CMDAI_BASH_FUNCTIONS_H
#define CMDAI_BASH_FUNCTIONS_H

#include "wire.h"

// Adds `function.NAME` for those the text mentions, and for those that these mention. As the script does
// (__cmdai_add_functions): sixteen at most, and none beyond 4 KiB.
void add_functions(struct request* r, const char* text);

#endif
