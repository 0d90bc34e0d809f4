#include "enterprise/collector/cli/place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include "enterprise/collector/config/key_files.hpp"
#include "enterprise/collector/http/client.hpp"

namespace cmdai::collector::cli {

std::string folder_of(const Arguments& given) {
  const char* const environment = std::getenv("CMDAI_COLLECTOR_DIR");
  return given.get("dir", environment != nullptr && *environment != '\0' ? environment : ".");
}

std::string address_file(const Settings& settings) { return settings.path(settings.data) + "/address"; }

Result<Place> Place::at(const std::string& folder) {
  auto settings = read_settings(folder + "/collector.toml");
  if (!settings) return tl::unexpected(settings.error());
  return Place(std::move(*settings));
}

/// Who holds the folder's lock is running; a file that was left behind says nothing.
std::string Place::running() const {
  const int fd = ::open((settings_.path(settings_.data) + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return {};
  const bool held = ::flock(fd, LOCK_EX | LOCK_NB) != 0;
  ::close(fd);
  if (!held) return {};
  auto address = read_file(address_file(settings_), 256);
  if (!address || address->empty()) return {};
  if (address->back() == '\n') address->pop_back();
  return *address;
}

Result<nlohmann::json> Place::ask(const std::string& method, const std::string& target,
                                  const std::string& body) const {
  const std::string address = running();
  if (address.empty())
    return failed(Problem::unavailable,
                  "no collector runs in " + settings_.folder + "\nhint: `cmdai-collector serve` starts it");
  auto token = read_file(settings_.path(settings_.keys) + "/command-line.token", 256);
  if (!token) return tl::unexpected(token.error());
  if (!token->empty() && token->back() == '\n') token->pop_back();
  const auto answer =
      collector::ask({address, settings_.path(settings_.authority), method, target, body, *token});
  if (!answer) return tl::unexpected(answer.error());
  auto json = nlohmann::json::parse(answer->body, nullptr, false);
  if (answer->status < 300) return json;
  const std::string text =
      json.is_object() ? json.value("message", json.value("error", std::string())) : answer->body;
  const Problem problem = answer->status == 404   ? Problem::not_found
                          : answer->status == 409 ? Problem::conflict
                          : answer->status == 400 ? Problem::invalid
                                                  : Problem::unavailable;
  return failed(problem, fmt::format("the collector answers {}: {}", answer->status, text));
}

Result<std::unique_ptr<Store>> Place::open() const {
  return open_sqlite_store(settings_.path(settings_.data));
}

std::string date_time(long long ms) {
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &parts)};
}

}  // namespace cmdai::collector::cli
