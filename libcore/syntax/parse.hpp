#pragma once
// Text to tree. Never fails, never throws, never recurses without a limit: hostile input costs bounded time
// and stack.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/arena.hpp"
#include "libcore/base/dialect.hpp"
#include "libcore/syntax/ast.hpp"

namespace cmdai::syntax {

enum class Status : uint8_t {
  complete,
  incomplete,   ///< a shell would show PS2 and wait for more
  invalid,      ///< a shell would report a syntax error
  too_complex,  ///< beyond Limits; what was read so far is in the tree
};

struct Limits {
  uint32_t depth = 200;  ///< nesting of constructs
  uint32_t nodes = 1'000'000;
  uint32_t bytes = 16U << 20;
};

/// Lossless: the texts of all tokens concatenated give the source back, byte for byte.
enum class TokenKind : uint8_t { blank, newline, comment, word, op, here_document, unread };
struct Token {
  TokenKind kind;
  Range range;
};

struct ParseOptions {
  Limits limits;
  bool keep_tokens = false;
};

/// Owns the source copy and all nodes. Movable; node addresses stay valid. Parsing and reading are
/// thread-compatible.
struct Tree {
  Arena arena;
  std::string_view source;  ///< arena copy of the parsed text
  Dialect dialect;
  const Script* script = nullptr;  ///< never null
  Status status = Status::complete;
  Range error;                ///< where, when status is not complete
  std::string message;        ///< what, in words, when status is not complete
  std::vector<Token> tokens;  ///< when asked for
};

Tree parse(std::string_view source, const Dialect& dialect, const ParseOptions& options = {});

std::string_view to_string(Status status);

}  // namespace cmdai::syntax
