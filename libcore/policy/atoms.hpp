#pragma once
// Which of many short texts are in a line, in one pass over it (Aho and Corasick, 1975).
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cmdai::policy {

class Atoms {
 public:
  /// The atoms are in lower case; capitals of ASCII in a text count as the small letters.
  explicit Atoms(const std::vector<std::string>& atoms);
  /// Indices of those found, each once.
  std::vector<int> find(std::string_view text) const;

 private:
  struct Node {
    uint32_t shorter = 0;  ///< the longest proper end of this text that begins an atom
    uint32_t report = 0;   ///< the nearest along `shorter`, itself first, where an atom ends; 0: none
    int atom = -1;         ///< which ends here
  };
  static uint64_t key(uint32_t node, char byte) {
    return uint64_t{node} << 8U | static_cast<unsigned char>(byte);
  }
  uint32_t step(uint32_t node, char byte) const;
  void link();

  size_t count_;
  std::vector<Node> nodes_;
  std::vector<uint32_t> first_;                   ///< from the root, by byte; 0: stays there
  std::unordered_map<uint64_t, uint32_t> edges_;  ///< from the others
};

}  // namespace cmdai::policy
