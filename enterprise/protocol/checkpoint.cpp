#include "enterprise/protocol/checkpoint.hpp"

#include <fmt/format.h>
#include <charconv>

#include "enterprise/protocol/hashing.hpp"

namespace cmdai::wire {
namespace {

constexpr std::string_view kDash = "\u2014 ";  // an em dash and a blank begin each signature line
constexpr size_t kKeyHash = 4;

std::string note_text(const Checkpoint& checkpoint) {
  return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, to_base64(checkpoint.root.view()));
}

/// C2SP signed-note: SHA-256(name || 0x0A || 0x01 || key)[:4], 0x01 being Ed25519.
std::string key_hash(std::string_view origin, const PublicKey& key) {
  const std::string text = fmt::format("{}\n\x01", origin).append(key.view());
  return std::string(sha256(text).view().substr(0, kKeyHash));
}

std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

Result<Checkpoint> read_text(std::string_view text) {
  Checkpoint out;
  out.origin = std::string(take_line(text));
  const std::string_view size = take_line(text);
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), out.size);
  const bool plain =
      error == std::errc{} && end == size.data() + size.size() && (size.size() == 1 || size.front() != '0');
  if (!plain || out.size > kMaxNumber) return refuse(Reason::malformed, "a checkpoint without a size");
  const auto raw = from_base64(take_line(text));
  const auto root = raw ? TreeHash::from_bytes(*raw) : std::nullopt;
  if (!root) return refuse(Reason::malformed, "a checkpoint without a root");
  out.root = *root;
  return out;
}

struct NoteSignature {
  std::string key_hash;
  Signature signature;
};

/// The signature of a line under this name; nullopt: another's, or of another kind.
std::optional<NoteSignature> read_signature(std::string_view line, std::string_view origin) {
  line.remove_prefix(kDash.size());
  if (!line.starts_with(origin) || line.size() <= origin.size() || line[origin.size()] != ' ')
    return std::nullopt;
  const auto raw = from_base64(line.substr(origin.size() + 1));
  if (!raw || raw->size() != kKeyHash + Signature::size) return std::nullopt;
  const auto signature = Signature::from_bytes(std::string_view(*raw).substr(kKeyHash));
  if (!signature) return std::nullopt;
  return NoteSignature{raw->substr(0, kKeyHash), *signature};
}

/// good: one of the keys signed; bad: one of them claims to have.
struct Found {
  bool good = false;
  bool claimed = false;
};

Result<Found> judge_signatures(std::string_view lines, std::string_view text, std::string_view origin,
                               std::span<const PublicKey> keys) {
  Found found;
  while (!lines.empty()) {
    const std::string_view line = take_line(lines);
    if (!line.starts_with(kDash))
      return refuse(Reason::malformed, "a line after the note's text that is no signature");
    const auto signature = read_signature(line, origin);
    if (!signature) continue;
    for (const PublicKey& key : keys) {
      if (signature->key_hash != key_hash(origin, key)) continue;
      found.claimed = true;
      found.good = found.good || verify(key, {}, text, signature->signature);
    }
  }
  return found;
}

}  // namespace

std::string sign_checkpoint(const SigningKey& collector, const Checkpoint& checkpoint) {
  const std::string text = note_text(checkpoint);
  std::string raw = key_hash(checkpoint.origin, collector.public_key());
  raw.append(collector.sign({}, text).view());
  return fmt::format("{}\n{}{} {}\n", text, kDash, checkpoint.origin, to_base64(raw));
}

Result<Checkpoint> read_checkpoint(std::string_view note, std::string_view origin,
                                   std::span<const PublicKey> collector) {
  if (note.size() > kMaxCheckpoint) return refuse(Reason::too_long, "the checkpoint is over 4 KiB");
  const size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos || note.back() != '\n')
    return refuse(Reason::malformed, "not a signed note");
  const std::string_view text = note.substr(0, blank + 1);
  const auto found = judge_signatures(note.substr(blank + 2), text, origin, collector);
  if (!found) return tl::unexpected<Refusal>(found.error());
  if (!found->good && found->claimed)
    return refuse(Reason::bad_signature, "the signature does not fit the checkpoint");
  if (!found->good) return refuse(Reason::missing_signature, "the collector did not sign the checkpoint");
  auto checkpoint = read_text(text);
  if (checkpoint && checkpoint->origin != origin)
    return refuse(Reason::content_mismatch, "a checkpoint of another log");
  return checkpoint;
}

}  // namespace cmdai::wire
