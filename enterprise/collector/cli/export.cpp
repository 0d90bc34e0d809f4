// Exports and their verification, backup, and the index made anew.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <set>

#include "enterprise/collector/cli/arguments.hpp"
#include "enterprise/collector/cli/handlers.hpp"
#include "enterprise/collector/cli/place.hpp"
#include "enterprise/collector/config/key_files.hpp"
#include "enterprise/collector/export/record_export.hpp"
#include "enterprise/collector/service/indexer.hpp"
#include "enterprise/protocol/verify_export.hpp"

namespace cmdai::collector::cli {

namespace {

std::optional<std::uint64_t> number(const Arguments& given, std::string_view name, std::uint64_t fallback) {
  if (!given.has(name)) return fallback;
  const std::string text = given.get(name);
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value == 0) return std::nullopt;
  return value;
}

/// What a damaged file says of itself is not for a terminal to obey.
std::string printable(std::string text) {
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

/// The store by itself: checksums of every value, pages, and that each batch is the one the tree holds.
int verify_store(const Arguments& given) {
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  if (!place->running().empty())
    return complain("the collector runs",
                    "stop it first, or verify a copy: cmdai-collector backup --out FILE");
  auto store = place->open();
  if (!store && store.error().problem == Problem::damaged) {
    fmt::print("FAIL: {}\n", printable(store.error().text));
    return 1;
  }
  if (!store) return complain(printable(store.error().text));
  auto found = (*store)->inspect();
  if (!found) return complain(found.error());
  for (const std::string& sentence : check_tree(**store)) found->push_back(sentence);
  for (const std::string& sentence : *found) fmt::print("FAIL: {}\n", printable(sentence));
  if (!found->empty()) return 1;
  const auto last = (*store)->ledger().last_position();
  fmt::print("PASS: {} batches are as they were written\n", last ? *last : 0);
  return 0;
}

}  // namespace

int run_verify(const Arguments& given) {
  if (given.operands.empty()) return verify_store(given);
  std::ifstream file(given.operands[0], std::ios::binary);
  if (!file) return complain(fmt::format("{}: cannot be read", given.operands[0]));
  std::string root;
  if (given.has("root")) {
    auto read = read_file(given.get("root"), wire::kMaxEnvelope);
    if (!read) return complain(read.error());
    root = std::move(*read);
  }
  const auto verification = wire::verify_export(
      [&file](char* out, std::size_t size) {
        file.read(out, static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(file.gcount());
      },
      root);
  fmt::print("{}", wire::render(verification));
  return static_cast<int>(verification.verdict);
}

int run_export(const Arguments& given) {
  if (!given.has("out")) return complain("`export` needs a file", "such as --out record.cmdai");
  const auto from = number(given, "from", 1);
  const auto to = number(given, "to", UINT64_MAX);
  if (!from || !to || *from > *to)
    return complain("`--from` and `--to` take positions of batches, from 1 on");
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  // Reading needs no lock: the record is read beside the collector that writes it.
  auto store = open_sqlite_store_to_read(place->settings().path(place->settings().data));
  if (!store) return complain(store.error());
  const auto roots = load_roots(place->settings().path(place->settings().trust));
  if (!roots) return complain(roots.error());
  const auto done = export_record(**store, *roots, {*from, *to, given.get("device")}, given.get("out"));
  if (!done) return complain(done.error());
  fmt::print(stderr, "wrote {} batches to {}\n", *done, given.get("out"));
  return 0;
}

int run_backup(const Arguments& given) {
  if (!given.has("out")) return complain("`backup` needs a file", "such as --out ledger-copy.db");
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  auto store = open_sqlite_store_to_read(place->settings().path(place->settings().data));
  if (!store) return complain(store.error());
  const auto done = (*store)->backup(given.get("out"));
  if (!done) return complain(done.error());
  fmt::print(stderr, "wrote {}; keys/ and trust/ belong to a backup, too\n", given.get("out"));
  return 0;
}

int run_reindex(const Arguments& given) {
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  auto store = place->open();
  if (!store) return complain(store.error());
  if (auto cleared = (*store)->index().clear(); !cleared) return complain(cleared.error());
  Metrics metrics;
  Indexer indexer(**store, metrics, now_ms, place->settings().index_days);
  while (indexer.turn()) continue;
  const auto last = (*store)->ledger().last_position();
  const auto position = (*store)->index().position();
  if (!last || !position || *last != *position)
    return complain("the index could not be made", "`cmdai-collector verify` says what is damaged");
  fmt::print(stderr, "indexed {} events of {} batches\n", metrics.indexed_events.load(), *last);
  return 0;
}

}  // namespace cmdai::collector::cli
