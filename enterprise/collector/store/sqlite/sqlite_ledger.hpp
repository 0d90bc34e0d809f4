#pragma once
#include "enterprise/collector/store/ledger.hpp"
#include "enterprise/collector/store/sqlite/connections.hpp"

namespace cmdai::collector::sqlite {

class SqliteLedger final : public Ledger {
 public:
  explicit SqliteLedger(Connections& file) : file_(file) {}

  Done commit(std::span<const LedgerWrite> writes) override;
  Result<std::uint64_t> last_position() override;
  Result<std::vector<LedgerBatch>> read(std::uint64_t after, std::size_t limit,
                                        std::size_t max_bytes) override;
  Result<std::optional<LedgerBatch>> at(std::uint64_t position) override;
  Result<std::vector<LedgerBatch>> covering(const std::string& device, const std::string& chain,
                                            std::uint64_t first, std::uint64_t last,
                                            std::size_t limit) override;
  Result<std::optional<ChainState>> chain(const std::string& device, const std::string& chain) override;
  Result<std::vector<ChainState>> chains(const std::string& device) override;
  Result<std::vector<ApartBatch>> apart(const std::string& device, std::size_t limit) override;
  Result<std::optional<std::string>> node(std::uint32_t level, std::uint64_t index) override;

 private:
  Connections& file_;
};

/// Within a transaction of the caller.
void put_chain(Database& database, const ChainState& chain);
void put_alarm(Database& database, const Alarm& alarm);

}  // namespace cmdai::collector::sqlite
