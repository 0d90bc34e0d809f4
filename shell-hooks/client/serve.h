// `cmdai-hook serve PLACE`: asks for one shell, for as long as that shell lives, through two FIFOs.
#ifndef CMDAI_HOOK_SERVE_H
#define CMDAI_HOOK_SERVE_H

// Makes PLACE.ask and PLACE.say, which must lie in the daemon's directory, and answers what its parent writes
// into the first until that parent ends. Status: 0 the parent ended, 1 no FIFOs could be made there.
//
// A request is NUL-ended fields: a number, `cmd=TEXT`, KEY=VALUE…, and an empty one. The answer is one text
// with a NUL at its end: the number, a newline, what `cmdai-hook check --later` would print, and a last line
// with its status; 3 where the daemon did not answer in time, and 2 where the caller must ask in another way.
int serve(const char* place);

#endif
