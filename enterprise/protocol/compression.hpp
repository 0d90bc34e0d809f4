#pragma once
// zstd for batches.
#include <memory>
#include <string>
#include <string_view>

#include "enterprise/protocol/refusal.hpp"

struct ZSTD_DCtx_s;

namespace cmdai::wire {

/// One frame that names its unpacked size.
std::string pack(std::string_view plain, int level = 3);

/// Unpacks into memory that is limited beforehand: a frame that claims or holds more than the limit is
/// `too-long`, and never more than the limit is allocated or written. One frame, nothing after it, no
/// dictionary. The object keeps its work space for the next call; not for several threads at once.
class Unpacker {
 public:
  Unpacker();
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  Unpacker(Unpacker&&) noexcept;
  Unpacker& operator=(Unpacker&&) noexcept;
  ~Unpacker();
  Result<std::string> unpack(std::string_view packed, size_t limit);

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
};

}  // namespace cmdai::wire
