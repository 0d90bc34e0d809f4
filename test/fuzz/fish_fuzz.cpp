// Any bytes as a fish line: the reader ends within its limits, loses no byte, and hands out a tree whose
// ranges nest. Both grammars, that of 3.x and that with braces of 4.x (the first byte says which).
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "test/unit/syntax/properties.hpp"

using namespace cmdai;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  syntax::ParseOptions options;
  options.keep_tokens = true;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Dialect dialect = dialect_from_name(data[0] % 2 == 0 ? "fish" : "fish4").value();
  const syntax::Tree tree = syntax::parse(text, dialect, options);
  if (const std::string broken = syntax::broken_property(tree, true); !broken.empty()) {
    std::fprintf(stderr, "%s\n", broken.c_str());
    std::abort();
  }
  return 0;
}
