#pragma once
// What the programs of the network have in common.
#include <string>
#include <string_view>
#include <vector>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// This machine, by name or address.
bool is_local(const std::string& host);

/// example.org in https://user@example.org:8080/path, user@example.org and example.org:path.
std::string host_of(std::string_view address);

/// Why a reader takes an address for another one, by its host or by a forged word in its path; "": nobody
/// does. `is_url`: the program takes it for one even without a scheme.
std::string deception_of(const Value& address, bool is_url = false);

/// Effects when this address, or one of the operands, is such a one or holds a password.
void judge_host(Sink& sink, const Argument& address, bool is_url = false);
void judge_hosts(const Call& call, Sink& sink);

/// An effect when the address hands out the keys of the cloud machine this runs on.
void judge_metadata(Sink& sink, const Argument& address);

/// What is fetched, and how: for what becomes of it.
struct Fetch {
  std::vector<const Argument*> urls;
  bool unchecked = false;  ///< the server's certificate is not looked at
};
/// Taken from a foreign host without encryption, or from a bare address: whoever is on the way may change it.
bool is_open_to_all(const Argument& url);
/// A file that is fetched into a folder of programs.
void judge_fetched_program(Sink& sink, const Argument& path, const Fetch& fetch);
/// Fetched data that a redirect or tee puts there: a program, or a key that packages are believed by.
void judge_fetched_content(Sink& sink, const Value& content, const Argument& file);
/// A fetch that looks at no certificate. `credentials`: some go along with it.
void judge_unchecked(Sink& sink, const Fetch& fetch, bool credentials);

struct Request {
  std::string method;  ///< in any case
  std::string url;
  std::string body = {};    ///< as far as known
  std::string socket = {};  ///< --unix-socket
};
/// What a server is asked to delete.
void judge_request(Sink& sink, const Request& request);

/// Data on its way to a host (`where`: its URL): the word itself, or the file behind `@`, `NAME=@` and
/// `NAME=<`. `file`: the word is the name of one.
void judge_sent(Sink& sink, const Argument& data, const std::string& where, bool file);

/// host:path, user@host:path, scheme://…; a drive letter is none.
bool is_remote(const std::string& place);

/// Key and credential files among those that go to `where`. Other files are nothing to speak of.
void judge_secret_files(const std::vector<const Argument*>& files, Sink& sink, const std::string& where);

/// Whether what stands on standard input holds a secret.
bool reads_secret(const Sink& sink);

/// ssh_config(5) keywords that run something here, in -o KEYWORD=VALUE or -o 'KEYWORD VALUE', in any case.
void judge_ssh_options(const Call& call, Sink& sink);

/// Bytes somebody else chose.
resolve::Value remote_data();
/// For CommandSpec::output.
resolve::Value remote_output(const Call& call);

}  // namespace cmdai::commands
