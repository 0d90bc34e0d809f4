#include "enterprise/protocol/compression.hpp"

#include <fmt/core.h>
#include <zstd.h>
#include <new>
#include <stdexcept>

namespace cmdai::wire {

std::string pack(std::string_view plain, int level) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  const size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), level);
  if (ZSTD_isError(size) != 0) throw std::runtime_error(fmt::format("zstd: {}", ZSTD_getErrorName(size)));
  out.resize(size);
  return out;
}

void Unpacker::Free::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

Unpacker::Unpacker() : context_(ZSTD_createDCtx()) {
  if (!context_) throw std::bad_alloc();
}
Unpacker::Unpacker(Unpacker&&) noexcept = default;
Unpacker& Unpacker::operator=(Unpacker&&) noexcept = default;
Unpacker::~Unpacker() = default;

Result<std::string> Unpacker::unpack(std::string_view packed, size_t limit) {
  const size_t frame = ZSTD_findFrameCompressedSize(packed.data(), packed.size());
  if (ZSTD_isError(frame) != 0 || frame != packed.size())
    return refuse(Reason::malformed, "not one zstd frame");
  const unsigned long long claimed = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (claimed == ZSTD_CONTENTSIZE_ERROR || claimed == ZSTD_CONTENTSIZE_UNKNOWN) {
    return refuse(Reason::malformed, "the zstd frame does not name its size");
  }
  if (claimed > limit)
    return refuse(Reason::too_long, fmt::format("{} bytes unpacked, the limit is {}", claimed, limit));
  std::string out(static_cast<size_t>(claimed), '\0');
  const size_t size =
      ZSTD_decompressDCtx(context_.get(), out.data(), out.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0)
    return refuse(Reason::malformed, fmt::format("zstd: {}", ZSTD_getErrorName(size)));
  if (size != out.size()) return refuse(Reason::malformed, "the zstd frame does not hold what it names");
  return out;
}

}  // namespace cmdai::wire
