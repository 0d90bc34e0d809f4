#pragma once
// The words of one call: what each is, by the manual and the catalogue's option tables.
#include "libcore/explain/lesson.hpp"
#include "libcore/explain/manual.hpp"
#include "libcore/resolve/invocation.hpp"

namespace cmdai::explain {

/// A word as it is written: what stands at its place in the sources.
class WrittenWords {
 public:
  explicit WrittenWords(const std::vector<resolve::SourceText>& sources) : sources_(sources) {}
  /// Its value, where it is not to be found as it was written.
  std::string at(const resolve::Argument& word) const;

 private:
  const std::vector<resolve::SourceText>& sources_;
};

struct CallWords {
  std::string says;  ///< of the program
  bool described = false;
  std::vector<LessonPart> parts;
};
CallWords describe_call(const resolve::Invocation& call, const resolve::Session& session,
                        const WrittenWords& written);

/// What a value stands for: its path, host or text; empty where that is plain to see. `elsewhere`: a path of
/// another machine.
std::string resolve_value(const resolve::Argument& word, ValueKind kind, const resolve::Invocation& call,
                          const resolve::Session& session, const std::string& written);

}  // namespace cmdai::explain
