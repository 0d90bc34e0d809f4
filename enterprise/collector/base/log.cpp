#include "enterprise/collector/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

namespace cmdai::collector {

namespace {

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void open_log(std::string_view level) {
  auto logger =
      std::make_shared<spdlog::logger>("collector", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  // The rest of the object comes from log(); the pattern opens it.
  logger->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",\"level\":\"%l\",%v}",
                      spdlog::pattern_time_type::utc);
  logger->set_level(level == "debug"     ? spdlog::level::debug
                    : level == "warning" ? spdlog::level::warn
                    : level == "error"   ? spdlog::level::err
                                         : spdlog::level::info);
  logger->flush_on(spdlog::level::debug);
  logger->set_error_handler([](const std::string&) {});
  spdlog::set_default_logger(std::move(logger));
}

void log(Level level, std::string_view what,
         std::initializer_list<std::pair<std::string_view, std::string>> values) {
  nlohmann::ordered_json line = {{"what", what}};
  for (const auto& [name, value] : values) line[std::string(name)] = value;
  const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  spdlog::log(level_of(level), "{}", text.substr(1, text.size() - 2));
}

}  // namespace cmdai::collector
