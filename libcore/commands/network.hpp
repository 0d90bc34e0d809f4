#pragma once
// What the programs of the network have in common.
#include <string>
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// This machine, by name or address.
bool is_local(const std::string& host);

/// example.org in https://user@example.org:8080/path, user@example.org and example.org:path.
std::string host_of(std::string_view address);

/// Whether a reader takes an address for another one: by its host, or by a forged word in its path.
bool is_lookalike(std::string_view address);

/// An effect when this address, or one of the operands, is such a one.
void judge_host(Sink& sink, const Argument& address);
void judge_hosts(const Call& call, Sink& sink);

struct Request {
  std::string method;  ///< in any case
  std::string url;
  std::string body = {};  ///< as far as known
};
/// What a server is asked to delete.
void judge_request(Sink& sink, const Request& request);

/// Data on its way to a host: the word itself, or the file behind `@`, `NAME=@` and `NAME=<`. `file`: the
/// word is the name of one.
void judge_sent(Sink& sink, const Argument& data, const std::string& host, bool file);

/// Bytes somebody else chose.
resolve::Value remote_data();
/// For CommandSpec::output.
resolve::Value remote_output(const Call& call);

}  // namespace cmdai::commands
