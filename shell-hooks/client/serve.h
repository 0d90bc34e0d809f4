// `cmdai-hook serve PLACE`: asks for one shell, for as long as that shell lives, through two FIFOs.
#ifndef CMDAI_HOOK_SERVE_H
#define CMDAI_HOOK_SERVE_H

// Makes PLACE.ask and PLACE.say, which must lie in the daemon's directory, and answers what its parent writes
// into the first until that parent ends. Status: 0 the parent ended, 1 no FIFOs could be made there.
//
// A request is NUL-ended fields: a number, `cmd=TEXT`, KEY=VALUE…, and an empty one. The answer
// begins with 40 characters: the number, its status, the id of a plain allow, a blank behind each, more
// blanks, and at last `.`, or `+` where a text with a NUL at its end follows: what `cmdai-hook check --later`
// would print. Its status, but 3 where the daemon did not answer in time, and 2 where the caller must ask in
// another way.
int serve(const char* place);

#endif
