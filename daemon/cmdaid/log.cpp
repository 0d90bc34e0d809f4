#include "daemon/cmdaid/log.hpp"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

namespace cmdai::daemon {

std::string open_log(const std::string& file, bool to_terminal) {
  std::string problem;
  std::vector<spdlog::sink_ptr> sinks;
  if (!file.empty()) {
    try {
      const mode_t before = umask(0077);
      sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_st>(file, size_t{1} << 20U, 3));
      umask(before);
    } catch (const spdlog::spdlog_ex& error) {
      problem = error.what();
    }
  }
  if (to_terminal || sinks.empty()) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_st>());
  auto logger = std::make_shared<spdlog::logger>("cmdaid", sinks.begin(), sinks.end());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %P %l %v");
  logger->flush_on(spdlog::level::info);
  // A log that cannot be written (full disk) must not disturb the guard.
  logger->set_error_handler([](const std::string&) {});
  spdlog::set_default_logger(std::move(logger));
  return problem;
}

void log_debug(const std::string& text) { spdlog::debug("{}", text); }
void log_info(const std::string& text) { spdlog::info("{}", text); }
void log_warning(const std::string& text) { spdlog::warn("{}", text); }
void log_error(const std::string& text) { spdlog::error("{}", text); }

}  // namespace cmdai::daemon
