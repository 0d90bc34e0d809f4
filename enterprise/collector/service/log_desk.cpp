#include "enterprise/collector/service/log_desk.hpp"

#include <charconv>

#include "enterprise/collector/base/log.hpp"
#include "enterprise/protocol/checkpoint.hpp"

namespace cmdai::collector {

namespace {

std::optional<std::uint64_t> number(const Request& request, std::string_view name) {
  const std::string text = request.parameter(name);
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The store's trouble comes out of the node source as an exception: here it becomes an answer.
template <class Work>
Response with_nodes(Ledger& ledger, Work&& work) {
  try {
    Response response;
    response.body = work(node_source(ledger));
    return response;
  } catch (const Failure& failure) {
    log(Level::error, "tree.unreadable", {{"why", failure.text}});
    return try_later(503);
  }
}

}  // namespace

Done LogDesk::checkpoint() {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t size = queue_.size();
  const auto last = store_.documents().last_checkpoint();
  if (!last) return tl::unexpected(last.error());
  const std::optional<Checkpoint>& before = *last;
  const std::uint64_t known = before ? before->size : 0;
  metrics_.checkpoint_size = known;
  if (size <= known) return {};
  try {
    const wire::Checkpoint made{keyring_.root.origin(), size,
                                wire::tree_root(size, node_source(store_.ledger()))};
    auto done =
        store_.documents().add_checkpoint({size, clock_(), wire::sign_checkpoint(keyring_.collector, made)});
    if (done) metrics_.checkpoint_size = size;
    return done;
  } catch (const Failure& failure) {
    return tl::unexpected(failure);
  }
}

Response LogDesk::consistency(const Request& request) {
  const auto from = number(request, "from");
  const auto to = number(request, "to");
  if (!from || !to || *from > *to || *to > queue_.size()) return error_response(400, "range");
  return with_nodes(store_.ledger(), [&](const wire::NodeSource& nodes) {
    return wire::write(wire::ConsistencyAnswer{*from, *to, wire::consistency_proof(*from, *to, nodes)});
  });
}

Response LogDesk::inclusion(const Request& request) {
  const auto leaf = number(request, "leaf");
  const auto size = number(request, "size");
  if (!leaf || !size || *leaf >= *size || *size > queue_.size()) return error_response(400, "range");
  return with_nodes(store_.ledger(), [&](const wire::NodeSource& nodes) {
    return wire::write(wire::InclusionAnswer{*leaf, *size, wire::inclusion_proof(*leaf, *size, nodes)});
  });
}

Result<std::optional<LogDesk::Proof>> LogDesk::prove(std::uint64_t position) {
  const auto last = store_.documents().last_checkpoint();
  if (!last) return tl::unexpected(last.error());
  const std::optional<Checkpoint>& checkpoint = *last;
  if (!checkpoint || position == 0 || position > checkpoint->size) return std::optional<Proof>{};
  try {
    Proof proof{position - 1, checkpoint->size, {}, checkpoint->note};
    for (const wire::TreeHash& node :
         wire::inclusion_proof(proof.leaf, proof.size, node_source(store_.ledger())))
      proof.path.push_back(node.hex());
    return std::optional<Proof>(std::move(proof));
  } catch (const Failure& failure) {
    return tl::unexpected(failure);
  }
}

}  // namespace cmdai::collector
