// Programs whose output can be told from their arguments and input: what feeds pipes and substitutions. And
// who reads files.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/decoders.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/text.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

Value echo_output(const Call& call) {
  Value out;
  bool first = true, newline = true, escapes = false, options = true;
  for (size_t i = 1; i < call.argv().size(); ++i) {
    const Value& word = call.argv()[i].value;
    const std::string text = word.with_holes_empty();
    if (options && word.is_exact() && text.size() > 1 && text[0] == '-' &&
        text.find_first_not_of("neE", 1) == std::string::npos) {
      newline &= text.find('n') == std::string::npos;
      escapes |= text.find('e') != std::string::npos;
      continue;
    }
    options = false;
    if (!first) out.append_literal(" ", false);
    first = false;
    out.append(escapes && word.is_exact() ? Value::exact(unescape(text)) : word);
  }
  if (newline) out.append_literal("\n", false);
  return out;
}

Value printf_output(const Call& call) {
  size_t first = 1;
  if (call.argv().size() > 3 && call.argv()[1].value.with_holes_empty() == "-v") first = 3;
  if (call.argv().size() > first + 1 && call.argv()[first].value.with_holes_empty() == "--") ++first;
  if (call.argv().size() <= first) return {};
  const auto format = call.argv()[first].value.text();
  if (!format) return unknown_like(call.argv()[first].value);
  std::vector<Value> arguments;
  for (size_t i = first + 1; i < call.argv().size(); ++i) arguments.push_back(call.argv()[i].value);
  return format_printf(*format, arguments);
}

Value filtered(const Call& call) { return unknown_like(file_output(call)); }

constexpr Option kBase64[] = {{'d', "decode"},           {'D', "decode"}, {'i', "ignore-garbage"},
                              {'w', "wrap", Arg::value}, {0, "help"},     {0, "version"}};
Value base64_output(const Call& call) {
  const Value input = file_output(call);
  if (!call.has("decode")) return unknown_like(input);
  const auto text = input.text();
  if (text)
    if (auto plain = decode_base64(*text))
      return tainted(Value::exact(std::move(*plain)), input.taint | Taint::decoded);
  return unknown_like(input, Taint::decoded);
}
Value base32_output(const Call& call) {
  const Value input = file_output(call);
  if (!call.has("decode")) return unknown_like(input);
  if (const auto text = input.text())
    if (auto plain = decode_base32(*text))
      return tainted(Value::exact(std::move(*plain)), input.taint | Taint::decoded);
  return unknown_like(input, Taint::decoded);
}

constexpr Option kXxd[] = {{'r', "revert"},
                           {'p', "plain"},
                           {'s', "seek", Arg::value},
                           {'l', "len", Arg::value},
                           {'c', "cols", Arg::value},
                           {'g', "group", Arg::value},
                           {0, "ps"},
                           {0, "postscript"}};
Value xxd_output(const Call& call) {
  const Value input = file_output(call);
  const bool revert = call.has("revert");
  const bool plain = call.any("plain ps postscript");
  if (!revert) return unknown_like(input);
  if (const auto text = input.text(); text && plain)
    if (auto bytes = decode_hex(*text))
      return tainted(Value::exact(std::move(*bytes)), input.taint | Taint::decoded);
  return unknown_like(input, Taint::decoded);
}

/// xxd -r IN OUT writes its second operand.
void xxd(const Call& call, Sink& sink) {
  for (size_t i = 0; i < call.operands().size(); ++i)
    if (i == 1)
      write_effect(sink, *call.operands()[i], Write::replace);
    else
      read_effect(sink, *call.operands()[i]);
}

Value rev_output(const Call& call) {
  const Value input = file_output(call);
  const auto text = input.text();
  if (!text) return unknown_like(input);
  std::string out;
  size_t at = 0;
  while (at < text->size()) {
    const size_t end = std::min(text->find('\n', at), text->size());
    out.append(text->rend() - static_cast<std::ptrdiff_t>(end),
               text->rend() - static_cast<std::ptrdiff_t>(at));
    if (end < text->size()) out += '\n';
    at = end + 1;
  }
  return tainted(Value::exact(std::move(out)), input.taint | Taint::decoded);
}

constexpr Option kTr[] = {{'d', "delete"},
                          {'s', "squeeze-repeats"},
                          {'c', "complement"},
                          {'C', "complement"},
                          {'t', "truncate-set1"}};
Value tr_output(const Call& call) {
  const Value& input = call.invocation().input.data;
  if (call.any("squeeze-repeats complement")) return unknown_like(input);
  const std::string to = call.has("delete") ? std::string() : call.operand(1);
  Value out;
  for (const resolve::Piece& p : input.pieces())
    if (p.hole)
      out.append(Value::unknown(*p.hole, p.text, p.active));
    else
      out.append_literal(translate(p.text, call.operand(0), to, call.has("delete")), p.active);
  return tainted(std::move(out), input.taint);
}

Value decompressed(const Call& call) { return unknown_like(file_output(call), Taint::decoded); }
constexpr Option kGzip[] = {{'d', "decompress"},
                            {'c', "stdout"},
                            {'k', "keep"},
                            {'f', "force"},
                            {'n', "no-name"},
                            {'q', "quiet"},
                            {'r', "recursive"},
                            {'v', "verbose"},
                            {'t', "test"},
                            {'l', "list"},
                            {'S', "suffix", Arg::value},
                            {0, "uncompress"},
                            {'z', "compress"},
                            {'T', "threads", Arg::value}};
Value gzip_output(const Call& call) {
  return call.any("decompress uncompress") ? decompressed(call) : unknown_like(file_output(call));
}

constexpr Option kOpenssl[] = {{'d', "d"},
                               {'a', "a"},
                               {'A', "A"},
                               {0, "base64"},
                               {0, "in", Arg::value},
                               {0, "out", Arg::value},
                               {0, "k", Arg::value},
                               {0, "pass", Arg::value},
                               {0, "K", Arg::value},
                               {0, "iv", Arg::value},
                               {0, "e"},
                               {0, "noout"},
                               {0, "pubout"},
                               {0, "pubin"},
                               {0, "text"},
                               {0, "nodes"},
                               {0, "connect", Arg::value},
                               {0, "quiet"},
                               {0, "inform", Arg::value},
                               {0, "outform", Arg::value},
                               {0, "passin", Arg::value},
                               {0, "passout", Arg::value},
                               {0, "inkey", Arg::value},
                               {0, "CAfile", Arg::value},
                               {0, "key", Arg::value},
                               {0, "cert", Arg::value},
                               {0, "days", Arg::value},
                               {0, "subj", Arg::value},
                               {0, "keyout", Arg::value},
                               {0, "x509"},
                               {0, "new"},
                               {0, "servername", Arg::value}};
Value openssl_output(const Call& call) {
  const Value input = call.invocation().input.kind == resolve::Input::Kind::inherited
                          ? Value::unknown(resolve::HoleKind::input)
                          : call.invocation().input.data;
  const std::string verb = call.operand(0);
  if (verb == "s_client") return unknown_like({}, Taint::remote);
  if ((verb != "enc" && verb != "base64" && verb != "zlib" && verb.find("aes") == std::string::npos) ||
      !call.has("d"))
    return unknown_like(input);
  if (const auto text = input.text(); text && (verb == "base64" || call.has("base64") ||
                                               (call.has("a") && verb == "enc" && call.given().size() <= 3)))
    if (auto plain = decode_base64(*text))
      return tainted(Value::exact(std::move(*plain)), input.taint | Taint::decoded);
  return unknown_like(input, Taint::decoded);
}
/// Whether a key that goes in comes out readable: not when it is only checked, or its public half is asked
/// for.
bool shows_key(const Call& call) {
  if (call.any("noout pubout pubin")) return call.has("text") && !call.has("pubin");
  const std::string verb = call.operand(0);
  if (verb == "rsa" || verb == "pkey" || verb == "ec" || verb == "pkcs12" || verb == "pkcs8")
    return !call.has("out");
  return verb == "enc" || verb == "base64" || verb == "asn1parse" || verb == "zlib" ||
         verb.find("aes") != std::string::npos;
}
void s_client(const Call& call, Sink& sink) {
  const resolve::Input& input = call.invocation().input;
  const bool fed = std::any_of(input.producers.begin(), input.producers.end(),
                               [](const std::string& p) { return dialect_from_name(p).has_value(); });
  bool secret = has(input.data.taint, Taint::secret);
  if (fed) sink.add(Kind::runs_remote_code, "net.reverse-shell");
  if (secret) sink.add(Kind::sends_data, "secret.send");
}
void openssl(const Call& call, Sink& sink) {
  if (const Argument* in = call.value("in"); in != nullptr && shows_key(call)) read_effect(sink, *in);
  if (const Argument* out = call.value("out"); out != nullptr) write_effect(sink, *out, Write::create);
  if (call.operand(0) == "s_client") s_client(call, sink);
}

Value directory_output(const Call& call) {
  if (call.program() == "pwd") return call.invocation().cwd;
  if (call.program() == "basename" || call.program() == "dirname") {
    auto text = call.operands().empty() ? std::nullopt : call.operands().front()->value.text();
    if (!text) return unknown_like({});
    const size_t slash = text->rfind('/');
    if (call.program() == "basename")
      return Value::exact(slash == std::string::npos ? *text : text->substr(slash + 1));
    return Value::exact(slash == std::string::npos ? "." : slash == 0 ? "/" : text->substr(0, slash));
  }
  return unknown_like({});
}

/// All of it, or the variables named.
Value environment(const Call& call) {
  Value out = Value::unknown(resolve::HoleKind::output);
  if (call.operands().empty()) out.taint = Taint::secret;
  return out;
}

/// which rm, type -P rm: a path whose last part is that name; the name stands for it.
Value program_path(const Call& call) {
  for (const Argument* operand : call.operands()) {
    if (!operand->value.is_exact()) continue;
    Value line = operand->value;
    line.append_literal("\n", false);
    return line;
  }
  return unknown_like({});
}

/// echo "$(cat key)": the key is on the screen after all.
void shows_words(const Call& call, Sink& sink) {
  for (const Argument& word : call.argv())
    if (has(word.value.taint, Taint::secret)) {
      if (call.invocation().output_piped || !call.invocation().redirects.empty()) return;
      sink.on(Kind::reads_secret, "secret.print", word);
      return;
    }
}

/// What gzip -c, xz -c print of a file.
void compressor(const Call& call, Sink& sink) {
  for (const Argument* operand : call.operands()) {
    if (call.has("stdout")) {
      read_effect(sink, *operand);
    } else if (sink.is_secret(operand->value)) {  // key.gz is still the key
      Value packed = operand->value, key = Value::unknown(resolve::HoleKind::input);
      const std::string& p = call.program();
      const std::string suffix = call.text("suffix");
      packed.append_literal(!suffix.empty() ? suffix
                            : p == "gzip"   ? ".gz"
                            : p == "bzip2"  ? ".bz2"
                                            : '.' + p,
                            false);
      key.taint = Taint::secret | Taint::file;
      sink.note_file(packed, std::move(key), false);
    }
  }
}

constexpr Option kPlain[] = {
    {'n', "lines", Arg::value}, {'c', "bytes", Arg::value}, {0, "help"}, {0, "version"}};
constexpr Option kCat[] = {{'n', "number"},
                           {'A', "show-all"},
                           {'v', "nonprinting"},
                           {'e', "ends"},
                           {'E', "show-ends"},
                           {'b', "nonblank"},
                           {'s', "squeeze"},
                           {'T', "tabs"},
                           {'p', "plain"},
                           {'l', "language", Arg::value},
                           {0, "style", Arg::value},
                           {0, "help"},
                           {0, "version"}};
constexpr Option kWhich[] = {{'a', "all"}, {'p', "path"}, {'P', "Path"}, {'t', "type"}, {'f', "function"}};

/// diff, cmp, join …: read their operands.
constexpr Option kCompare[] = {{'o', "output", Arg::value},
                               {'u', "unified"},
                               {'r', "recursive"},
                               {'q', "brief"},
                               {'n', "lines", Arg::value},
                               {'w', "width", Arg::value},
                               {'a', "a", Arg::none},
                               {'t', "tabs", Arg::value},
                               {'e', "echo"},
                               {'1', "1"},
                               {'2', "2"},
                               {'3', "3"},
                               {0, "color", Arg::optional}};
/// diff(1) of diffutils 3.8: -w is about blanks, and -U, -x and the like take a word that is no file.
constexpr Option kDiff[] = {{'u', "unified", Arg::optional},
                            {'U', "context-lines", Arg::value},
                            {'C', "context", Arg::value},
                            {'r', "recursive"},
                            {'q', "brief"},
                            {'w', "ignore-all-space"},
                            {'W', "width", Arg::value},
                            {'x', "exclude", Arg::value},
                            {'X', "exclude-from", Arg::value},
                            {'S', "starting-file", Arg::value},
                            {'I', "ignore-matching-lines", Arg::value},
                            {'F', "show-function-line", Arg::value},
                            {'L', "label", Arg::value},
                            {0, "color", Arg::optional}};
/// join(1)
constexpr Option kJoin[] = {{'1', "first", Arg::value},    {'2', "second", Arg::value},
                            {'j', "field", Arg::value},    {'t', "separator", Arg::value},
                            {'e', "empty", Arg::value},    {'o', "format", Arg::value},
                            {'a', "unpaired", Arg::value}, {'v', "only-unpaired", Arg::value}};
void compare(const Call& call, Sink& sink) {
  const bool names_only = call.any("brief");
  for (const Argument* operand : call.operands())
    if (!names_only && !operand->value.with_holes_empty().ends_with("/null")) read_effect(sink, *operand);
}

/// nl(1), strings(1): what a number is of.
constexpr Option kNumber[] = {{'b', "body-numbering", Arg::value},
                              {'d', "section-delimiter", Arg::value},
                              {'f', "footer-numbering", Arg::value},
                              {'h', "header-numbering", Arg::value},
                              {'i', "line-increment", Arg::value},
                              {'l', "join-blank-lines", Arg::value},
                              {'n', "number-format", Arg::value},
                              {'s', "number-separator", Arg::value},
                              {'v', "starting-line-number", Arg::value},
                              {'w', "number-width", Arg::value},
                              {'p', "no-renumber"}};
constexpr Option kStrings[] = {{'a', "all"},
                               {'f', "print-file-name"},
                               {'n', "bytes", Arg::value},
                               {'t', "radix", Arg::value},
                               {'e', "encoding", Arg::value},
                               {'T', "target", Arg::value},
                               {'s', "output-separator", Arg::value},
                               {'o', "o"},
                               {'w', "include-all-whitespace"}};

Value whole_files(const Call& call) { return file_output(call); }

constexpr CommandSpec kTextCommands[] = {
    {"echo", {}, Order::raw, shows_words, echo_output},
    {"printf print", {}, Order::raw, shows_words, printf_output},
    {"which type", kWhich, Order::permuted, nullptr, program_path},
    {"cat bat batcat less more zcat slurp", kCat, Order::permuted, reads_operands, whole_files},
    {"nl", kNumber, Order::permuted, reads_operands, whole_files},
    {"strings", kStrings, Order::permuted, reads_operands, whole_files},
    {"base64", kBase64, Order::permuted, reads_operands, base64_output},
    {"base32", kBase64, Order::permuted, reads_operands, base32_output},
    {"xxd", kXxd, Order::permuted, xxd, xxd_output},
    {"rev", kPlain, Order::permuted, reads_operands, rev_output},
    {"diff", kDiff, Order::permuted, compare, filtered},
    {"join", kJoin, Order::permuted, compare, filtered},
    {"cmp comm pr expand unexpand ul hd ptx csplit", kCompare, Order::permuted, compare, filtered},
    {"tr", kTr, Order::permuted, nullptr, tr_output},
    {"gzip bzip2 xz zstd lz4 pigz lzma", kGzip, Order::permuted, compressor, gzip_output},
    {"gunzip bunzip2 unxz zstdcat xzcat bzcat unzstd uudecode uncompress", kGzip, Order::permuted, nullptr,
     decompressed},
    {"openssl", kOpenssl, Order::single_dash, openssl, openssl_output},
    {"pwd basename dirname", {}, Order::permuted, nullptr, directory_output},
    {"hexdump od", {}, Order::permuted, reads_operands, filtered},
    {"printenv", {}, Order::permuted, nullptr, environment},
};

}  // namespace

Value tainted(Value v, Taint taint) {
  v.taint = v.taint | taint;
  return v;
}

Value unknown_like(const Value& input, Taint extra) {
  return tainted(Value::unknown(resolve::HoleKind::output), input.taint | extra);
}

Value file_output(const Call& call, size_t first) {
  Value out;
  bool named = false;
  for (size_t i = first; i < call.operands().size(); ++i) {
    const Argument* operand = call.operands()[i];
    if (operand->value.with_holes_empty() == "-") continue;
    named = true;
    if (operand->process)
      out.append(operand->process->data);
    else
      out.append(
          tainted(Value::unknown(resolve::HoleKind::input, operand->value.display(), false), Taint::file));
  }
  if (named) return out;
  if (call.invocation().input.kind == resolve::Input::Kind::inherited)
    return Value::unknown(resolve::HoleKind::input);  // what somebody will type
  return call.invocation().input.data;
}

void reads_operands(const Call& call, Sink& sink) {
  for (const Argument* operand : call.operands()) read_effect(sink, *operand);
  for (const resolve::ResolvedRedirect& r : call.invocation().redirects)
    if (r.op == "<") read_effect(sink, {r.target, r.place, nullptr});
}

std::span<const CommandSpec> text_commands() { return kTextCommands; }

}  // namespace cmdai::commands
