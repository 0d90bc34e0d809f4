// usage: make-vectors FOLDER
// Writes enterprise/protocol/vectors. Everything random comes from a fixed seed: two runs write the same
// bytes.
#include <sodium.h>
#include <cstdio>
#include <fstream>

#include "test/enterprise/protocol/vectors.hpp"

namespace {

using namespace cmdai::wire;

// crypto_box_seal draws an ephemeral key; here it is the same one each time. NOT random: for these files
// only.
uint64_t drawn = 0;
void draw(void* out, size_t size) {
  unsigned char seed[randombytes_SEEDBYTES] = {};
  seed[0] = static_cast<unsigned char>(++drawn);
  randombytes_buf_deterministic(out, size, seed);
}
uint32_t draw_number() {
  uint32_t out = 0;
  draw(&out, sizeof out);
  return out;
}
const char* source_name() { return "fixed"; }

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) std::fprintf(stderr, "%s: cannot be written\n", path.c_str());
  return static_cast<bool>(file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make-vectors FOLDER\n");
    return 2;
  }
  static randombytes_implementation fixed = {source_name, draw_number, nullptr, nullptr, draw, nullptr};
  if (randombytes_set_implementation(&fixed) != 0 || sodium_init() < 0) return 2;
  std::vector<vectors::File> files = {
      {"primitives.json", vectors::primitives().dump(1) + "\n"},
      {"events.json", vectors::events().dump(1) + "\n"},
      {"batches.json", vectors::batches().dump(1) + "\n"},
      {"messages.json", vectors::messages().dump(1) + "\n"},
      {"envelopes.json", vectors::envelopes().dump(1) + "\n"},
      {"policy_sets.json", vectors::policy_sets().dump(1) + "\n"},
      {"log.json", vectors::log().dump(1) + "\n"},
      {"exports.json", vectors::exports().dump(1) + "\n"},
      vectors::export_file(),
  };
  for (const auto& [name, text] : files) {
    if (!write_file(std::string(argv[1]) + "/" + name, text)) return 1;
  }
  return 0;
}
