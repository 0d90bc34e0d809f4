// Any bytes as a line of bash, sh or zsh (the first byte says which): the reader ends within its limits,
// loses no byte, and hands out a tree whose ranges nest.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "test/unit/syntax/properties.hpp"

using namespace cmdai;

namespace {

constexpr const char* kDialects[] = {"bash", "sh", "zsh", "bash53", "bash32", "zsh-interactive"};

Dialect dialect_of(uint8_t choice) {
  Dialect dialect = dialect_from_name(kDialects[choice % std::size(kDialects)]).value();
  dialect.extglob = choice >= 128;
  return dialect;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  syntax::ParseOptions options;
  options.keep_tokens = true;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const syntax::Tree tree = syntax::parse(text, dialect_of(data[0]), options);
  if (const std::string broken = syntax::broken_property(tree, true); !broken.empty()) {
    std::fprintf(stderr, "%s\n", broken.c_str());
    std::abort();
  }
  return 0;
}
