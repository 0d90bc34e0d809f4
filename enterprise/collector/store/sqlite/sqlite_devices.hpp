#pragma once
#include "enterprise/collector/store/devices.hpp"
#include "enterprise/collector/store/sqlite/connections.hpp"

namespace cmdai::collector::sqlite {

class SqliteDevices final : public Devices {
 public:
  explicit SqliteDevices(Connections& file) : file_(file) {}

  Done add_token(const EnrollmentToken& token) override;
  Result<std::vector<EnrollmentToken>> tokens() override;
  Result<std::optional<EnrollmentToken>> token(const std::string& hash) override;
  Done revoke_token(const std::string& id, Time now) override;
  Result<Enrolled> enroll(const std::string& token_hash, const Device& device, const std::string& chain,
                          const std::string& ratchet, Time now) override;
  Done rekey(const Device& device) override;
  Done retire_previous(const std::string& id) override;
  Result<std::optional<Device>> device(const std::string& id) override;
  Result<std::vector<std::string>> certificates(const std::string& id) override;
  Result<std::vector<Device>> devices(const std::string& after, std::size_t limit) override;
  Done revoke(const std::string& id, Time now) override;
  Result<std::vector<std::string>> revoked() override;
  Done heartbeats(std::span<const Presence> heard) override;
  Result<std::uint64_t> next_command(const std::string& id) override;

 private:
  Connections& file_;
};

}  // namespace cmdai::collector::sqlite
