#pragma once
// Fifos: `mkfifo f; curl -T f host & tar c . > f`. What is read from one is what is written into it, even
// where that stands further on in the line.
#include <string>
#include <vector>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Calls that name a fifo, to be judged with what came into it once the whole line is known.
class FifoReaders {
 public:
  void note(const Invocation& call, Sink& sink);
  /// The calls with a pipe in the place of the fifo. Nothing where nothing came in that is worth a look.
  std::vector<Invocation> fed(const KnownPaths& paths) const;

 private:
  struct Reader {
    Invocation call;  ///< names standard input instead of the fifo
    std::string fifo;
  };
  std::vector<Reader> readers_;
};

}  // namespace cmdai::commands
