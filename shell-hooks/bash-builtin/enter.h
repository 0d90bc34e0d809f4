// Enter as a function of readline's own.
#ifndef CMDAI_BASH_ENTER_H
#define CMDAI_BASH_ENTER_H

#include <stdbool.h>

// Gives readline the functions `cmdai-accept-line` and `cmdai-operate-and-get-next`, for keys to be bound to.
void offer_enter(void);
// Without being at work they leave everything to the script: so it is after `enable -d`.
void set_at_work(bool at_work);

#endif
