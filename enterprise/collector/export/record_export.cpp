#include "enterprise/collector/export/record_export.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <memory>

#include "enterprise/collector/service/commit_queue.hpp"
#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/checkpoint.hpp"
#include "enterprise/protocol/export_file.hpp"
#include "enterprise/protocol/merkle.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kPage = 256;
constexpr std::size_t kPageBytes = std::size_t{8} << 20U;
constexpr std::uint64_t kMostTogether = 4096;  // batches under one proof
constexpr std::size_t kDevices = 1000;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

class RecordExport {
 public:
  RecordExport(Store& store, wire::ExportWriter& writer, ExportRange range)
      : store_(store), writer_(writer), range_(std::move(range)) {}

  Result<std::uint64_t> write(const Roots& roots) {
    for (const std::string& root : roots.envelopes) put("root", root);
    if (auto done = certificates(); !done) return tl::unexpected(done.error());
    const auto last = store_.documents().last_checkpoint();
    if (!last) return tl::unexpected(last.error());
    if (const auto& checkpoint = *last) {
      size_ = checkpoint->size;
      put("checkpoint", checkpoint->note);
    }
    if (auto done = batches(); !done) return tl::unexpected(done.error());
    if (!good_ || !writer_.finish())
      return failed(Problem::unavailable, "the export cannot be written: is the disk full?");
    return count_;
  }

 private:
  void put(std::string_view type, std::string_view bytes) { good_ = good_ && writer_.record(type, bytes); }

  Done certificates() {
    std::string after;
    for (;;) {
      const auto page = store_.devices().devices(after, kDevices);
      if (!page) return tl::unexpected(page.error());
      for (const Device& device : *page) {
        if (!range_.device.empty() && device.id != range_.device) continue;
        const auto all = store_.devices().certificates(device.id);
        if (!all) return tl::unexpected(all.error());
        for (const std::string& certificate : *all) put("certificate", certificate);
      }
      if (page->size() < kDevices) return {};
      after = page->back().id;
    }
  }

  Done batches() {
    std::uint64_t after = range_.from - 1;
    for (;;) {
      const auto page = store_.ledger().read(after, kPage, kPageBytes);
      if (!page) return tl::unexpected(page.error());
      for (const LedgerBatch& batch : *page) {
        if (batch.position > range_.to) return cover();
        after = batch.position;
        if (auto done = one(batch); !done) return done;
      }
      if (page->empty()) return cover();
    }
  }

  /// A run of batches without a hole goes under one proof.
  Done one(const LedgerBatch& batch) {
    if (!range_.device.empty() && batch.device != range_.device) return cover();
    const std::uint64_t leaf = batch.position - 1;
    if (leaf >= size_ || run_to_ - run_from_ >= kMostTogether || run_to_ != leaf)
      if (auto done = cover(); !done) return done;
    if (run_from_ == run_to_) run_from_ = run_to_ = leaf;
    if (leaf < size_) run_to_ = leaf + 1;
    put("batch", batch.bytes);
    ++count_;
    return {};
  }

  Done cover() {
    if (run_from_ == run_to_) return {};
    try {
      put("leaf-range", wire::write(wire::LeafRange{
                            run_from_, run_to_, size_,
                            wire::range_proof(run_from_, run_to_, size_, node_source(store_.ledger()))}));
    } catch (const Failure& failure) {
      return tl::unexpected(failure);
    }
    run_from_ = run_to_;
    return {};
  }

  Store& store_;
  wire::ExportWriter& writer_;
  ExportRange range_;
  bool good_ = true;
  std::uint64_t size_ = 0;  // of the checkpoint
  std::uint64_t run_from_ = 0, run_to_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace

Result<std::uint64_t> export_record(Store& store, const Roots& roots, const ExportRange& range,
                                    const std::string& file) {
  const std::unique_ptr<std::FILE, Close> out(std::fopen(file.c_str(), "wbex"));
  if (out == nullptr) return failed(Problem::unavailable, file + ": cannot be made (is it there already?)");
  wire::ExportWriter writer([&](std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), out.get()) == bytes.size();
  });
  auto written = RecordExport(store, writer, range).write(roots);
  if (written && (std::fflush(out.get()) != 0 || ::fsync(::fileno(out.get())) != 0))
    written = failed(Problem::unavailable, file + ": cannot be written");
  if (!written) ::unlink(file.c_str());
  return written;
}

std::vector<std::string> check_tree(Store& store) {
  std::vector<std::string> found;
  wire::Frontier frontier;
  const auto checkpoints = store.documents().checkpoints(SIZE_MAX >> 1U);
  if (!checkpoints) return {checkpoints.error().text};
  std::map<std::uint64_t, std::string> notes;
  for (const Checkpoint& one : *checkpoints) notes.emplace(one.size, one.note);
  std::uint64_t after = 0;
  for (;;) {
    const auto page = store.ledger().read(after, kPage, kPageBytes);
    if (!page) return {page.error().text};
    if (page->empty()) break;
    for (const LedgerBatch& batch : *page) {
      if (batch.position != after + 1) found.push_back(fmt::format("batch {} is missing", after + 1));
      after = batch.position;
      const auto view = wire::read_batch(batch.bytes);
      if (!view) {
        found.push_back(fmt::format("batch {} is no batch: {}", batch.position, view.error().text));
        continue;
      }
      const auto& header = view->header;
      frontier.append(wire::leaf_hash(wire::batch_leaf(header.device, header.chain, header.first,
                                                       header.count, header.head, wire::hash(batch.bytes))));
      const auto node = store.ledger().node(0, batch.position - 1);
      const auto note = notes.find(frontier.size());
      if (!node || !*node) found.push_back(fmt::format("the leaf of batch {} is missing", batch.position));
      if (note == notes.end()) continue;
      // Line three of a note is the root, in base64.
      if (note->second.find("\n" + wire::to_base64(frontier.root().view()) + "\n") == std::string::npos)
        found.push_back(fmt::format("the batches up to {} are not those of the checkpoint", batch.position));
    }
  }
  if (!notes.empty() && notes.rbegin()->first > after)
    found.push_back(fmt::format("batches {} to {} are missing: a checkpoint knows them", after + 1,
                                notes.rbegin()->first));
  return found;
}

}  // namespace cmdai::collector
