#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "enterprise/collector/api/api.hpp"
#include "enterprise/collector/base/log.hpp"
#include "enterprise/collector/cli/arguments.hpp"
#include "enterprise/collector/cli/handlers.hpp"
#include "enterprise/collector/cli/place.hpp"
#include "enterprise/collector/config/key_files.hpp"
#include "enterprise/collector/export/exports.hpp"
#include "enterprise/collector/http/server.hpp"
#include "enterprise/collector/service/collector.hpp"

namespace cmdai::collector::cli {

namespace {

/// As many descriptors as the settings allow connections.
void raise_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int run_serve(const Arguments& given) {
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  const Settings& settings = place->settings();
  open_log(settings.log_level);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a full disk, not an end
  raise_descriptors();
  auto collector = Collector::open(settings, now_ms);
  if (!collector) return complain(collector.error());
  Api api(**collector);
  (*collector)->add_api([&api](const Request& request, const Reply& reply) {
    return api.handle(request, reply);
  });
  Exports exports(**collector);
  auto server = listen(settings, (*collector)->metrics(), [&](Request request, const Reply& reply) {
    (*collector)->handle(std::move(request), reply);
  });
  if (!server) return complain(server.error());
  const std::string address = (*server)->address();
  if (auto told = replace_file(address_file(settings), address + "\n", 0644); !told)
    return complain(told.error());
  log(Level::info, "server.started",
      {{"address", address}, {"version", CMDAI_VERSION}, {"pid", std::to_string(::getpid())}});
  (*server)->run();
  // Who still waits for an answer keeps its connection's executor alive: all are answered before the server
  // goes.
  (*collector)->drain();
  server->reset();
  exports.stop();
  collector->reset();
  ::unlink(address_file(settings).c_str());
  log(Level::info, "server.stopped");
  return 0;
}

}  // namespace cmdai::collector::cli
