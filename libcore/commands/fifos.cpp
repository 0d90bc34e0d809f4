#include "libcore/commands/fifos.hpp"

#include <algorithm>
#include <utility>

namespace cmdai::commands {
namespace {

constexpr size_t kMostReaders = 8;
constexpr size_t kLongestWord = 4096;

/// The end of a word that is the path of a fifo: f, @f, file=@f, --upload-file=f.
std::pair<size_t, std::string> fifo_in(const std::string& word, const Sink& sink) {
  constexpr int kMostSigns = 8;
  int signs = 0;
  for (size_t at = 0; at != std::string::npos && at < word.size() && signs < kMostSigns; ++signs) {
    if (const std::string* fifo = sink.fifo(Value::exact(word.substr(at)))) return {at, *fifo};
    at = word.find_first_of("@=<", at);
    if (at != std::string::npos) ++at;
  }
  return {std::string::npos, {}};
}

/// Makes, moves or fills fifos, and reads none.
bool only_handles(const Invocation& call) {
  return call.program == "mkfifo" || call.program == "mknod" || call.program == "mv" ||
         call.program == "rm" || call.program == "chmod" || call.program == "ls" || call.program == "exec";
}

}  // namespace

void FifoReaders::note(const Invocation& call, Sink& sink) {
  if (readers_.size() >= kMostReaders || call.argv.empty() || only_handles(call)) return;
  Reader reader{call, {}};
  for (size_t i = 1; i < reader.call.argv.size(); ++i) {
    const auto word = reader.call.argv[i].value.text();
    if (!word || word->size() > kLongestWord || !sink.spend(1 + word->size())) continue;
    const auto [at, fifo] = fifo_in(*word, sink);
    if (at == std::string::npos) continue;
    reader.fifo = fifo;
    const bool sourced = call.program == "." || call.program == "source";
    reader.call.argv[i].value = Value::exact(word->substr(0, at) + (sourced ? "/dev/stdin" : "-"));
    break;
  }
  for (const resolve::ResolvedRedirect& r : call.redirects)
    if (const std::string* fifo = r.op == "<" ? sink.fifo(r.target) : nullptr;
        reader.fifo.empty() && fifo != nullptr)
      reader.fifo = *fifo;
  if (!reader.fifo.empty()) readers_.push_back(std::move(reader));
}

std::vector<Invocation> FifoReaders::fed(const KnownPaths& paths) const {
  std::vector<Invocation> out;
  for (const Reader& reader : readers_) {
    const auto poured = paths.poured.find(reader.fifo);
    if (poured == paths.poured.end()) continue;
    Invocation call = reader.call;
    std::erase_if(call.redirects, [](const resolve::ResolvedRedirect& r) { return r.op == "<"; });
    call.input = {};
    call.input.kind = resolve::Input::Kind::pipe;
    call.input.data = poured->second;
    out.push_back(std::move(call));
  }
  return out;
}

}  // namespace cmdai::commands
