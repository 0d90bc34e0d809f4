#pragma once
// One answer, whatever becomes of this process: an agent takes a hook that dies, hangs or is ended from
// outside for "let it run". From guard() on, a signal, a crash or the deadline gives the prepared refusal.
// For the main thread of a program that has no other.
#include "shell-hooks/agents/hook/answer.hpp"

namespace cmdai::agents {

/// What is said when nothing could be decided; texts of up to 12 KiB together.
struct LastWords {
  HookAnswer too_late;
  HookAnswer stopped;  ///< ended from outside, or a crash
};

/// Opens what is closed of the first three descriptors, so that nothing else gets their numbers, takes every
/// signal that can be taken and sets an alarm.
void guard(const LastWords& words, int deadline_ms);
/// Other words for the same, once more is known of the call.
void reword(const LastWords& words);

/// Gives the answer and ends the process. Where standard output takes no answer: text on standard error and
/// kRefusedByStatus, but for an answer that is silent anyway.
[[noreturn]] void give(const HookAnswer& answer);

}  // namespace cmdai::agents
