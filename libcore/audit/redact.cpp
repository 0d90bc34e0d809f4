// Secrets out of a command line before it is written anywhere. Errs on the side of hiding: a log must not
// become a key store. Shapes: AWS access keys (IAM user guide, "IAM identifiers"), GitHub token prefixes
// (docs.github.com, 2021), Slack, OpenAI and Anthropic keys, JWT (RFC 7519), PEM (RFC 7468), credentials in
// URLs (RFC 3986 3.2.1), Authorization (RFC 9110 11.6.2).
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <memory>

#include "libcore/audit/event.hpp"

namespace cmdai::audit {
namespace {

/// What a secret looks like. Group 1 is kept in front, the rest of the match but group 2 is replaced; group 2
/// is kept behind.
struct Shape {
  const char* kind;
  const char* pattern;
};

// A value: quoted, or up to a blank or shell operator. An expansion ($X, $(…)) is no secret by itself and
// stays readable.
#define CMDAI_VALUE R"x((?:'[^']*'|"[^"$`]*"|[^\s'"$`;|&<>()]+))x"

constexpr Shape kShapes[] = {
    {"private-key",
     R"x(()-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\z)())x"},
    {"token", R"x((\b)eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?())x"},
    {"token", R"x((\b)(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(\b))x"},
    {"token",
     R"x((\b)(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})())x"},
    {"token", R"x((\b)xox[abeoprs]-[A-Za-z0-9-]{10,}())x"},
    {"token", R"x((\b)(?:sk|rk|pk)[-_](?:live|test|proj|ant|or)[-_][A-Za-z0-9_-]{10,}())x"},
    {"token", R"x((\b)sk-[A-Za-z0-9]{20,}())x"},
    {"token",
     R"x((\b)(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}|AIza[A-Za-z0-9_-]{30,}|hf_[A-Za-z0-9]{30,}|dop_v1_[a-f0-9]{60,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|ya29\.[A-Za-z0-9_-]{20,})())x"},
    {"password", R"x(([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'"$]*:)[^\s/@'"$]+(@))x"},
    {"credentials",
     R"x(((?i:authorization|proxy-authorization)\s*:\s*(?:(?i:bearer|basic|token|digest)\s+)?)[^\s'"$`][^'"`]*())x"},
    {"credentials",
     R"x(((?i:x-api-key|x-auth-token|api-key|private-token|x-vault-token|cookie|set-cookie)\s*:\s*)[^\s'"$`][^'"`]*())x"},
    {"password",
     R"x(((?:^|[\s;|&("'])--?(?i:[a-z0-9-]*(?:password|passwd|passphrase|secret|token|api-?key|access-?key|secret-?key|client-?secret|auth-?key))(?:=|\s+)))x" CMDAI_VALUE
     R"x(())x"},
    {"password",
     R"x(((?:^|[\s;|&("'])(?i:[a-z0-9_]*(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?|auth)|PGPASSWORD|MYSQL_PWD|SSHPASS)\+?=))x" CMDAI_VALUE
     R"x(())x"},
    {"password",
     R"x(((?:^|[\s;|&(])(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mysqlimport)\b[^;|&]*?\s-p))x" CMDAI_VALUE
     R"x(())x"},
    {"password", R"x(((?:^|[\s;|&(])sshpass\s+-p\s*))x" CMDAI_VALUE R"x(())x"},
    {"password",
     R"x(((?:^|[\s;|&(])(?:redis-cli|mongosh?|ldapsearch|ldapmodify|docker\s+login|podman\s+login|helm\s+registry\s+login|az\s+login|smbclient)\b[^;|&]*?\s(?:-a|-p|-w)\s+))x" CMDAI_VALUE
     R"x(())x"},
    {"credentials",
     R"x(((?:^|[\s;|&(])(?:curl|wget|http|https)\b[^;|&]*?\s(?:-u|--user|-a|--auth|--proxy-user|-U)[\s=]?['"]?[^\s:'"$]+:)[^\s'"$]+())x"},
    {"password",
     R"x(("(?i:[a-z0-9_-]*(?:password|passwd|secret|token|api_?key|access_?key|private_?key))"\s*:\s*")[^"$]+("))x"},
};

#undef CMDAI_VALUE

struct Compiled {
  std::string kind;
  std::unique_ptr<RE2> regex;
};

RE2::Options byte_options() {
  RE2::Options options(RE2::Quiet);
  options.set_encoding(RE2::Options::EncodingLatin1);  // commands are bytes
  return options;
}

const std::vector<Compiled>& shapes() {
  static const std::vector<Compiled> all = [] {
    std::vector<Compiled> out;
    const RE2::Options options = byte_options();
    for (const Shape& s : kShapes) out.push_back({s.kind, std::make_unique<RE2>(s.pattern, options)});
    return out;
  }();
  return all;
}

/// One look at the text for all shapes. Most lines hold no secret, and every line is written to the log
/// before its answer is sent: eighteen looks were a third of what a verdict cost the daemon.
bool holds_a_shape(std::string_view text) {
  static const std::unique_ptr<RE2::Set> all = [] {
    auto set = std::make_unique<RE2::Set>(byte_options(), RE2::UNANCHORED);
    for (const Shape& s : kShapes)
      if (set->Add(s.pattern, nullptr) < 0) return std::unique_ptr<RE2::Set>();
    return set->Compile() ? std::move(set) : std::unique_ptr<RE2::Set>();
  }();
  if (all == nullptr) return true;
  RE2::Set::ErrorInfo error{};
  // No match for want of memory is no answer (re2/set.h): then each shape is tried.
  return all->Match(re2::StringPiece(text.data(), text.size()), nullptr, &error) ||
         error.kind != RE2::Set::kNoError;
}

std::string replace(const std::string& text, const Compiled& shape, uint32_t& count) {
  const std::string mark = "[redacted:" + shape.kind + "]";
  std::string out;
  re2::StringPiece rest(text);
  re2::StringPiece groups[3];
  size_t at = 0;
  while (at <= text.size() && shape.regex->Match(rest, at, text.size(), RE2::UNANCHORED, groups, 3)) {
    const auto begin = static_cast<size_t>(groups[0].data() - text.data());
    const size_t end = begin + groups[0].size();
    const std::string_view hidden(groups[1].data() + groups[1].size(),
                                  groups[0].size() - groups[1].size() - groups[2].size());
    const bool done_before = hidden.find("[redacted:") != std::string_view::npos;
    out.append(text, at, begin - at);
    if (done_before) {
      out.append(text, begin, end - begin);
    } else {
      out.append(groups[1].data(), groups[1].size());
      out += mark;
      out.append(groups[2].data(), groups[2].size());
      ++count;
    }
    if (end == begin) out.append(text, end, 1);
    at = std::max(end, begin + 1);
  }
  if (at < text.size()) out.append(text, at);
  return out;
}

}  // namespace

bool redaction_ready() {
  return std::all_of(shapes().begin(), shapes().end(), [](const Compiled& s) {
    return s.regex->ok() && s.regex->NumberOfCapturingGroups() == 2;
  });
}

std::string redact(std::string_view command, std::vector<Redaction>* found) {
  std::string out(command);
  if (command.empty() || !holds_a_shape(command)) return out;
  for (const Compiled& shape : shapes()) {
    uint32_t count = 0;
    std::string next = replace(out, shape, count);
    if (count == 0) continue;
    out = std::move(next);
    if (found == nullptr) continue;
    const auto same =
        std::find_if(found->begin(), found->end(), [&](const Redaction& r) { return r.kind == shape.kind; });
    if (same == found->end())
      found->push_back({shape.kind, count});
    else
      same->count += count;
  }
  return out;
}

}  // namespace cmdai::audit
