#pragma once
// The `check` frame as the engine's request; the engine's decision as a `verdict` frame and as an event. What
// docs/protocol.md says of both is here, once, for the daemon and for whoever judges in its place.
#include "daemon/ipc/frame.hpp"
#include "libcore/audit/event.hpp"
#include "libcore/engine.hpp"
#include "libcore/explain/lesson.hpp"

namespace cmdai::ipc {

/// Whether a `check` is about files that are written without a shell; it has neither `cmd` nor `shell` then.
bool writes_files(const Frame& frame);

/// What a code or an approval is bound to, and people are shown of it: the command, or the files. No command
/// is equal to any list of files.
std::string subject_of(const Frame& frame);

/// Error: an unknown shell. The request's views point into `frame`.
Result<Request> read_check(const Frame& frame, std::string_view home, std::string_view user);

/// How the asker wants to be told: `width`, `color`, `plain`.
explain::Style style_of(const Frame& request);

/// Fills everything but `id` and `code`. `lesson`: of `explain`, which says what the parts of the line mean.
void write_verdict(Frame& out, const Decision& decision, const Frame& request,
                   const explain::Lesson* lesson = nullptr);

/// The client can say what its variables hold, and the verdict depends on some: it is asked before anything
/// is decided.
bool asks_for_variables(const Frame& request, const Decision& decision);

/// `partial=1`: more lines may follow, and what is there is no whole command. Only a block is said now; the
/// client asks again before anything runs.
bool waits_for_more(const Frame& request, const Decision& decision);

/// The decision as the record keeps it; time, id and policy are the caller's. What the variables of the
/// client hold is in no part of it: effects that rest on a value are said without.
audit::Event decision_event(const Frame& request, const Request& read, const Decision& decision,
                            const Engine& engine);

/// Where the line would take the guard away or go around it: an event of its own beside `of`, the decision.
std::optional<audit::Event> tamper_event(const audit::Event& of, const Decision& decision);

/// One line an effect, for `effects` and the log: "deletes /home/u (fs.delete)".
std::vector<std::string> effect_lines(const commands::Analysis& analysis);

}  // namespace cmdai::ipc
