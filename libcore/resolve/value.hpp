#pragma once
// What a word stands for as far as can be known without running anything: literal pieces and holes.
// Precision falls, it never silently vanishes: an unknown part keeps its name and its place.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::resolve {

enum class HoleKind : uint8_t {
  variable,  ///< name = the variable; its value may be asked for (need=)
  output,    ///< command substitution with an unknown result
  arithmetic,
  input,       ///< read from standard input or a file at run time (xargs, read, $(<f))
  positional,  ///< $1, $@ of an unknown caller
  other,
};

/// Where the bytes came from; travels with the value through variables, pipes and substitutions.
enum class Taint : uint16_t {
  none = 0,
  remote = 1,    ///< from the network
  decoded = 2,   ///< came out of a decoder (base64, xxd, gzip, openssl …)
  secret = 4,    ///< content of a key, token or credential file
  file = 8,      ///< content of a file on disk
  random = 16,   ///< /dev/zero, /dev/urandom …
  archive = 32,  ///< local files packed into one (tar, zip …)
  encoded = 64,  ///< came out of an encoder (base64, xxd …)
  open = 128,    ///< from a foreign host without encryption, or from a bare address
};
constexpr Taint operator|(Taint a, Taint b) {
  return static_cast<Taint>(static_cast<uint16_t>(a) | static_cast<uint16_t>(b));
}
constexpr bool has(Taint set, Taint t) {
  return (static_cast<uint16_t>(set) & static_cast<uint16_t>(t)) != 0;
}

struct Piece {
  std::string text;              ///< literal bytes; for a hole its name (variable name, or "")
  std::optional<HoleKind> hole;  ///< set: this piece is unknown
  bool active = false;  ///< literal: * ? [ in it are glob characters; hole: unquoted, may split or vanish
};

class Value {
 public:
  Value() = default;  ///< the empty string, exactly
  static Value exact(std::string text);
  static Value unknown(HoleKind kind, std::string name = {}, bool active = true);

  bool is_exact() const;  ///< no hole; glob characters may still be active
  bool has_glob() const;  ///< an active * ? [ in a literal piece
  bool is_unknown() const { return pieces_.size() == 1 && pieces_[0].hole.has_value(); }
  size_t size() const;      ///< bytes of all pieces, roughly what a copy costs
  bool may_vanish() const;  ///< could be empty and so drop out of argv or collapse a path
  /// The whole text when exact, else nullopt.
  std::optional<std::string> text() const;
  std::string prefix() const;            ///< literal text before the first hole
  std::string suffix() const;            ///< literal text after the last hole
  std::string with_holes_empty() const;  ///< the text if every hole expanded to nothing
  std::string display() const;           ///< for people: holes shown as $NAME or …

  /// What the kernel sees of a word or path: a C string ends at the first NUL.
  Value up_to_nul() const;

  void append(const Value& other);
  void append_literal(std::string_view text, bool active);
  const std::vector<Piece>& pieces() const { return pieces_; }

  Taint taint = Taint::none;

 private:
  std::vector<Piece> pieces_;
};

}  // namespace cmdai::resolve
