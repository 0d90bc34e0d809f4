#pragma once
// The small tables: alarms, who may use the API and what was done with it, signed documents.
#include "enterprise/collector/store/access.hpp"
#include "enterprise/collector/store/alarms.hpp"
#include "enterprise/collector/store/documents.hpp"
#include "enterprise/collector/store/sqlite/connections.hpp"

namespace cmdai::collector::sqlite {

class SqliteAlarms final : public Alarms {
 public:
  explicit SqliteAlarms(Connections& file) : file_(file) {}
  Result<std::uint64_t> add(const Alarm& alarm) override;
  Result<std::vector<Alarm>> list(const AlarmFilter& filter) override;
  Done close(std::uint64_t id) override;

 private:
  Connections& file_;
};

class SqliteAccess final : public Access {
 public:
  explicit SqliteAccess(Connections& file) : file_(file) {}
  Done add_api_token(const ApiToken& token) override;
  Result<std::optional<ApiToken>> api_token(const std::string& hash) override;
  Result<std::vector<ApiToken>> api_tokens() override;
  Done revoke_api_token(const std::string& id, Time now) override;
  Done record(const AdminAct& act) override;
  Result<std::vector<AdminAct>> acts(std::uint64_t before, std::size_t limit) override;

 private:
  Connections& file_;
};

class SqliteDocuments final : public Documents {
 public:
  explicit SqliteDocuments(Connections& file) : file_(file) {}
  Done put(const Document& document) override;
  Result<std::optional<Document>> latest(const std::string& role) override;
  Result<std::optional<Document>> document(const std::string& role, std::uint64_t version) override;
  Result<std::vector<Document>> versions(const std::string& role) override;
  Done add_checkpoint(const Checkpoint& checkpoint) override;
  Result<std::optional<Checkpoint>> last_checkpoint() override;
  Result<std::vector<Checkpoint>> checkpoints(std::size_t limit) override;
  Result<std::uint64_t> cursor(const std::string& sink) override;
  Done move_cursor(const std::string& sink, std::uint64_t position) override;

 private:
  Connections& file_;
};

}  // namespace cmdai::collector::sqlite
