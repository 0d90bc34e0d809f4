#pragma once
// Programs nobody taught cmdai, or taught only by name: a key file among their words is read all the same.
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Programs that look at names, sizes, rights or checksums of what they are given, or are handed keys as a
/// matter of course (ssh-add, editors): a key file among their words is nothing to speak of.
bool only_names(std::string_view program);

/// Programs with a handler of their own that also take files in places it does not look at (dig -f, tmux -f).
bool takes_files_too(std::string_view program);

/// Editors: a private key or the password file in one is on the screen. Other files are edited every day.
void judge_edited_keys(const Invocation& invocation, Sink& sink);

/// A grep or sed pattern that picks one setting by its name, and the name is none of a credential: `^PORT=`.
bool picks_plain_setting(std::string_view pattern);

/// An effect for each word that is the path of a key or credential file outside the project, also behind
/// `@`, `NAME=` or `file://`; and for words that are places where code is started from.
void judge_secret_words(const Invocation& invocation, Sink& sink);

/// Whether who searches for this looks for passwords and the like.
bool names_credentials(std::string_view pattern);
/// What keys begin with: AWS, PEM, GitHub, Slack, Stripe.
bool names_key(std::string_view pattern);

/// The same of all patterns of a grep: each -e, or the first operand.
bool picks_plain_settings(const Call& call);

}  // namespace cmdai::commands
