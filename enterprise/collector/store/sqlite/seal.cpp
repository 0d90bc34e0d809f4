#include "enterprise/collector/store/sqlite/seal.hpp"

#include <sodium.h>

#include <array>

#include "enterprise/collector/store/sqlite/database.hpp"

namespace cmdai::collector::sqlite {

namespace {

constexpr std::size_t kSize = 16;

void add_number(crypto_generichash_state& state, std::uint64_t value) {
  std::array<unsigned char, 8> bytes{};
  for (auto& byte : bytes) {
    byte = static_cast<unsigned char>(value & 0xffU);
    value >>= 8U;
  }
  crypto_generichash_update(&state, bytes.data(), bytes.size());
}

/// Kind, size, bytes: no two rows of values look alike.
void add_value(crypto_generichash_state& state, sqlite3_value* value) {
  const int kind = sqlite3_value_type(value);
  add_number(state, static_cast<std::uint64_t>(kind));
  if (kind == SQLITE_INTEGER)
    return add_number(state, static_cast<std::uint64_t>(sqlite3_value_int64(value)));
  const void* bytes = sqlite3_value_blob(value);
  const auto size = static_cast<std::uint64_t>(sqlite3_value_bytes(value));
  add_number(state, size);
  if (size != 0) crypto_generichash_update(&state, static_cast<const unsigned char*>(bytes), size);
}

void seal(sqlite3_context* context, int count, sqlite3_value** values) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, kSize);
  for (int i = 0; i < count; ++i) add_value(state, values[i]);
  std::array<unsigned char, kSize> sum{};
  crypto_generichash_final(&state, sum.data(), sum.size());
  sqlite3_result_blob(context, sum.data(), static_cast<int>(sum.size()), SQLITE_TRANSIENT);
}

}  // namespace

void add_seal(sqlite3* connection) {
  const int got = sqlite3_create_function_v2(connection, "seal", -1,
                                             SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                                             seal, nullptr, nullptr, nullptr);
  if (got != SQLITE_OK) throw SqlError(got, "seal");
}

}  // namespace cmdai::collector::sqlite
