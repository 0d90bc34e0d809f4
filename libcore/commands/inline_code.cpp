#include "libcore/commands/inline_code.hpp"

#include <algorithm>
#include <cctype>

#include "libcore/commands/decoders.hpp"

namespace cmdai::commands {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Scanner {
 public:
  Scanner(std::string_view code, CodeStyle style) : code_(code), style_(style) {}

  CodeSummary run() {
    while (at_ < code_.size()) {
      const char c = code_[at_];
      if (skip_comment()) continue;
      if (c == '"' || (c == '\'' && style_ != CodeStyle::lisp)) {
        string(c);
      } else if (c == '`') {
        backquotes();
      } else if (is_word(c) || (c == '$' && style_ != CodeStyle::awk)) {
        word();
      } else {
        if (c == '<' && style_ == CodeStyle::perl && angle_list()) continue;
        if (c == '>') last_operator_ = c;
        if (c == '(' && style_ == CodeStyle::lisp)
          open_form();
        else if (c == '(')
          open_call();
        else if (c == ')')
          close_call();
        else if (c == '|' && style_ == CodeStyle::awk)
          awk_pipe();
        else if (joins(c) && !open_.empty())
          out_.calls[open_.back()].pasted = true;
        if (c != '.' && std::isspace(static_cast<unsigned char>(c)) == 0 && c != '(') name_.clear();
        if ((c == ';' || c == '\n') && statement_call_) end_statement();
        ++at_;
      }
    }
    if (statement_call_) end_statement();
    return std::move(out_);
  }

 private:
  bool skip_comment() {
    const bool hash = style_ == CodeStyle::lisp ? code_[at_] == ';'
                      : style_ == CodeStyle::erlang
                          ? code_[at_] == '%'
                          : code_[at_] == '#' && style_ != CodeStyle::javascript && style_ != CodeStyle::lua;
    const bool slashes =
        (style_ == CodeStyle::javascript || style_ == CodeStyle::php) && code_.substr(at_).starts_with("//");
    if (!hash && !slashes) return false;
    at_ = std::min(code_.find('\n', at_), code_.size());
    return true;
  }

  /// Puts two texts together. Where a dot does, none stands in a name.
  bool joins(char c) const {
    const bool dotted = style_ == CodeStyle::perl || style_ == CodeStyle::php || style_ == CodeStyle::lua;
    return c == '+' || (c == '.' && dotted);
  }

  std::string read_string(char quote) {
    std::string text;
    ++at_;
    while (at_ < code_.size() && code_[at_] != quote) {
      if (code_[at_] == '\\' && at_ + 1 < code_.size()) {
        if (code_[at_ + 1] != quote) text += code_[at_];
        ++at_;
      }
      text += code_[at_++];
    }
    at_ = std::min(at_ + 1, code_.size());
    return unescape(text);
  }

  void string(char quote) {
    std::string text = read_string(quote);
    if (text == "/bin/sh" || text == "/bin/bash" || text == "sh" || text == "bash" || text == "/bin/sh -i" ||
        text == "/bin/bash -i")
      out_.spawns_shell = true;
    if (text.starts_with("http://") || text.starts_with("https://")) url_ = true;
    if (text.starts_with("/inet/tcp/") && style_ == CodeStyle::awk)
      out_.connects = out_.dials = out_.spawns_shell = true;
    if (style_ == CodeStyle::awk && last_operator_ == '>') out_.written.push_back(text);
    last_operator_ = 0;
    last_string_ = text;
    last_string_end_ = at_;
    if (open_.empty()) return;
    add_to_open(text);
  }

  /// An argument of the call at hand and of those around it.
  void add_to_open(const std::string& text) {
    constexpr size_t kDeepest = 32;
    const size_t first = open_.size() > kDeepest ? open_.size() - kDeepest : 0;
    for (size_t i = first; i < open_.size(); ++i) add(out_.calls[open_[i]], text);
  }

  static void add(CodeCall& call, const std::string& text) {
    if (!call.has_arguments) call.first_is_string = true;
    call.has_arguments = true;
    if (call.strings.size() < 64) call.strings.push_back(text);
    call.expands_home |= text == "~" || text == "HOME";
  }

  void backquotes() {
    const size_t start = ++at_;
    while (at_ < code_.size() && code_[at_] != '`') at_ += code_[at_] == '\\' ? 2 : 1;
    const std::string text(code_.substr(start, std::min(at_, code_.size()) - std::min(start, code_.size())));
    at_ = std::min(at_ + 1, code_.size());
    const bool shell_tag = name_ == "$" || name_.ends_with(".$");  // Bun.$`…`, zx
    if (style_ == CodeStyle::javascript && !shell_tag) {           // a template string
      add_to_open(text);
    } else if (style_ == CodeStyle::perl || style_ == CodeStyle::ruby || style_ == CodeStyle::php ||
               style_ == CodeStyle::julia || shell_tag) {
      out_.backquoted.push_back(text);
    }
  }

  void word() {
    const size_t start = at_;
    while (at_ < code_.size() && (is_word(code_[at_]) || (at_ == start && code_[at_] == '$'))) ++at_;
    const std::string_view text = code_.substr(start, at_ - start);
    const bool continues =
        start > 0 && (code_[start - 1] == '.' || (start > 1 && (code_.substr(start - 2, 2) == "::" ||
                                                                code_.substr(start - 2, 2) == "->")));
    if (!continues || name_.empty())
      method_ = start > 1 && code_[start - 1] == '.' && code_[start - 2] == ')';
    name_ = continues && !name_.empty() ? name_ + '.' + std::string(text) : std::string(text);
    if (continues && name_ == text) name_ = "." + std::string(text);
    note(text);
    const bool marked = style_ == CodeStyle::ruby || style_ == CodeStyle::elixir;  // File.rm_rf!(…)
    if (marked && at_ + 1 < code_.size() && (code_[at_] == '!' || code_[at_] == '?') && code_[at_ + 1] == '(')
      ++at_;
    if (!open_.empty()) {
      CodeCall& call = out_.calls[open_.back()];
      note_recursion(text);
      call.takes_arguments |= text == "ARGV" || text == "argv";
      if (text == "shell" && code_.substr(at_).starts_with("=True")) call.shell_flag = true;
      if (!call.has_arguments) call.has_arguments = true;
      for (const size_t index : open_)
        out_.calls[index].expands_home |=
            text == "homedir" || text == "expanduser" || text == "HOME" || (text == "home" && continues);
    }
    const bool percent = style_ == CodeStyle::ruby && start > 0 && code_[start - 1] == '%' &&
                         (text == "x" || text == "q" || text == "Q");
    if ((style_ == CodeStyle::perl && (text == "qx" || text == "q" || text == "qq")) || percent)
      quote_like(text == "qx" || text == "x");
    else
      paren_free_call();
  }

  /// An argument of that name that is not false, in this call or in a list or object in it.
  void note_recursion(std::string_view text) {
    const bool named = text == "recursive" || (style_ == CodeStyle::lisp && text == "t");
    if (!named) return;
    const size_t value = std::min(code_.find_first_not_of(" =:\"'", at_), code_.size());
    const std::string_view rest = code_.substr(value);
    if (rest.starts_with("false") || rest.starts_with("FALSE") || rest.starts_with("False")) return;
    for (const size_t index : open_) out_.calls[index].recursive = true;
  }

  /// qx(…), q{…}, %x[…]
  void quote_like(bool runs) {
    if (at_ >= code_.size()) return;
    const char open = code_[at_];
    if (is_word(open) || std::isspace(static_cast<unsigned char>(open)) != 0 || open == ',' || open == ';' ||
        open == '=')
      return;
    const char close = open == '(' ? ')' : open == '{' ? '}' : open == '[' ? ']' : open == '<' ? '>' : open;
    size_t end = at_ + 1;
    for (size_t level = 1; end < code_.size(); ++end) {  // brackets nest, other marks do not
      if (code_[end] == close && --level == 0) break;
      if (open != close && code_[end] == open) ++level;
    }
    const std::string text(code_.substr(at_ + 1, end - at_ - 1));
    at_ = std::min(end + 1, code_.size());
    if (runs)
      out_.backquoted.push_back(text);
    else
      add_to_open(text);
  }

  /// </etc/*>: Perl's glob, told from a comparison and from a handle by its letters.
  bool angle_list() {
    const size_t close = code_.find('>', at_);
    if (close == std::string_view::npos) return false;
    const std::string_view inside = code_.substr(at_ + 1, close - at_ - 1);
    if (inside.find_first_of("/*~") == std::string_view::npos ||
        !std::all_of(inside.begin(), inside.end(), [](char c) {
          return is_word(c) || std::string_view("./*?~{},[]-$").find(c) != std::string_view::npos;
        }))
      return false;
    CodeCall list;
    list.name = "glob";
    add(list, std::string(inside));
    out_.calls.push_back(std::move(list));
    at_ = close + 1;
    return true;
  }

  void end_statement() {
    const CodeCall call = out_.calls[open_.back()];
    open_.pop_back();
    statement_call_ = false;
    note_file(call);
  }

  /// Perl's named operators take a list without parentheses, whatever it begins with: unlink glob(…),
  /// open my $f, … .
  bool takes_list() const {
    static constexpr std::string_view kOperators[] = {"unlink",      "system", "exec", "rmtree",
                                                      "remove_tree", "rmdir",  "open", "rename"};
    return style_ == CodeStyle::perl &&
           std::find(std::begin(kOperators), std::end(kOperators), name_) != std::end(kOperators);
  }

  /// perl, ruby, php, lua: system "x" without parentheses
  void paren_free_call() {
    static constexpr CodeStyle kNeedParentheses[] = {CodeStyle::python, CodeStyle::javascript,
                                                     CodeStyle::awk,    CodeStyle::julia,
                                                     CodeStyle::erlang, CodeStyle::lisp};
    if (std::find(std::begin(kNeedParentheses), std::end(kNeedParentheses), style_) !=
        std::end(kNeedParentheses))
      return;
    size_t next = at_;
    while (next < code_.size() && code_[next] == ' ') ++next;
    const bool list = takes_list() && next < code_.size() && (is_word(code_[next]) || code_[next] == '$');
    if (next == at_ && !list && !(next < code_.size() && (code_[next] == '"' || code_[next] == '\''))) return;
    if (next >= code_.size() ||
        (!list && code_[next] != '"' && code_[next] != '\'' && code_[next] != '$' && code_[next] != '@' &&
         !(code_.substr(next).starts_with("q")) && code_[next] != '<'))
      return;
    if (name_.empty() || statement_call_) return;
    CodeCall call;
    call.name = name_;
    out_.calls.push_back(std::move(call));
    open_.push_back(out_.calls.size() - 1);
    statement_call_ = true;
  }

  void note(std::string_view text) {
    static constexpr std::string_view kSockets[] = {
        "socket",    "Socket",  "fsockopen",         "TCPSocket",
        "TCPServer", "connect", "create_connection", "createConnection"};
    static constexpr std::string_view kFetch[] = {
        "urlopen",           "urlretrieve", "requests", "fetch", "https", "http",
        "file_get_contents", "LWP",         "open_uri", "URI",   "get"};
    static constexpr std::string_view kDecode[] = {"b64decode",     "atob",
                                                   "decode_base64", "base64_decode",
                                                   "fromhex",       "unhexlify",
                                                   "decompress",    "decode64",
                                                   "pack",          "fromCharCode",
                                                   "unpack",        "a85decode",
                                                   "b32decode",     "urlsafe_b64decode",
                                                   "b85decode",     "b16decode"};
    static constexpr std::string_view kEval[] = {
        "exec",       "eval", "compile",         "Function",         "instance_eval",
        "loadstring", "load", "runInNewContext", "runInThisContext", "assert"};
    const auto in = [text](const auto& names) {
      return std::find(std::begin(names), std::end(names), text) != std::end(names);
    };
    out_.connects |= in(kSockets);
    out_.dials |= in(kSockets) && text != "socket" && text != "Socket";
    out_.dials |= text == "INET";
    out_.decodes |=
        in(kDecode) || name_ == "Buffer.from" || name_ == "codecs.decode" || name_ == "marshal.loads";
    fetch_word_ |= in(kFetch);
    out_.evaluates |= in(kEval) && name_.find('.') == std::string::npos;
    out_.spawns_shell |= text == "dup2" || text == "fdopen";
  }

  void open_call() {
    if (name_.empty() || code_[at_ == 0 ? 0 : at_ - 1] == ' ') {
      if (name_.empty() || style_ == CodeStyle::python) {
        groups_.push_back(false);
        return;
      }
    }
    if (statement_call_) end_statement();
    CodeCall call;
    call.name = name_;
    if (method_) call.on = last_closed_;
    out_.calls.push_back(std::move(call));
    open_.push_back(out_.calls.size() - 1);
    groups_.push_back(true);
    name_.clear();
  }

  /// (name argument …); the parts of a name, `uiop:run-program`, `shell/sh`, are told apart by a dot.
  void open_form() {
    const size_t start = at_ + 1;
    const size_t end = std::min(code_.find_first_of(" \t\r\n()\"';", start), code_.size());
    CodeCall call;
    call.name = code_.substr(start, end - start);
    groups_.push_back(!call.name.empty());
    if (call.name.empty()) return;
    std::replace_if(
        call.name.begin(), call.name.end(), [](char c) { return c == ':' || c == '/'; }, '.');
    out_.calls.push_back(std::move(call));
    open_.push_back(out_.calls.size() - 1);
    at_ = end - 1;
  }

  void close_call() {
    if (groups_.empty()) return;
    const bool was_call = groups_.back();
    groups_.pop_back();
    if (!was_call || open_.empty()) return;
    CodeCall& call = out_.calls[open_.back()];
    open_.pop_back();
    last_closed_ = call.strings.empty() ? call.on : call.strings.front();
    note_file(call);
    decode_argument(call);
    if (call.name == "readFileSync" || call.name.ends_with(".readFileSync") ||
        call.name == "file_get_contents" || call.name == "readfile" || call.name == "File.read" ||
        call.name == "IO.read" || call.name == "File.readlines" || call.name == "io.lines")
      if (!call.strings.empty()) out_.read.push_back(call.strings[0]);
    name_ = call.name.empty() ? "" : std::string(")");
    out_.fetches |= fetch_word_ && url_;
  }

  /// open("f", "w"), fopen; Perl's open(F, ">f"), open(F, "<", "f"), where the mode comes first.
  void note_file(const CodeCall& call) {
    const bool opens = call.name == "open" || call.name == "fopen" || call.name.ends_with(".open");
    if (!opens || call.strings.empty()) return;
    std::string path = call.strings[0];
    bool writes = call.strings.size() > 1 && call.strings[1].find_first_of("wax>") != std::string::npos;
    if (style_ == CodeStyle::perl) {
      const size_t start = std::min(path.find_first_not_of("+<> "), path.size());
      const std::string mode = path.substr(0, start);
      if (mode.empty() && path.find('|') != std::string::npos) return;
      path = start < path.size() && path[start] != ':' ? path.substr(start)
             : call.strings.size() > 1                 ? call.strings[1]
                                                       : std::string();
      writes = mode.find('>') != std::string::npos;
      if (path.starts_with('&')) return;  // another handle
    }
    if (!path.empty()) (writes ? out_.written : out_.read).push_back(path);
  }

  /// system(base64_decode("…")): the text that comes out stands for the one that went in.
  void decode_argument(const CodeCall& call) {
    static constexpr std::string_view kBase64[] = {"b64decode",     "urlsafe_b64decode", "base64_decode",
                                                   "decode_base64", "decode64",          "atob",
                                                   "Buffer.from"};
    const std::string_view last = std::string_view(call.name).substr(call.name.rfind('.') + 1);
    const auto named = [&](std::string_view n) { return n == last || n == call.name; };
    if (call.strings.empty() || std::none_of(std::begin(kBase64), std::end(kBase64), named)) return;
    if (last == "from" && (call.strings.size() < 2 || call.strings[1] != "base64")) return;
    const std::string encoded = call.strings.front();
    const auto plain = decode_base64(encoded);
    if (!plain) return;
    for (const size_t index : open_) {
      std::vector<std::string>& strings = out_.calls[index].strings;
      std::replace(strings.begin(), strings.end(), encoded, *plain);
      out_.calls[index].first_is_string |= !strings.empty() && strings.front() == *plain;
      if (last == "from") strings.erase(std::remove(strings.begin(), strings.end(), "base64"), strings.end());
    }
  }

  /// "command" | getline, print | "command"
  void awk_pipe() {
    size_t next = at_ + 1;
    while (next < code_.size() && code_[next] == ' ') ++next;
    if (next < code_.size() && code_[next] == '"') {
      const bool printed = !last_string_.empty() && last_string_end_ <= at_ &&
                           code_.substr(last_string_end_, at_ - last_string_end_).find_first_not_of(" )") ==
                               std::string_view::npos;
      at_ = next;
      std::string command = read_string('"');
      --at_;
      if (printed)
        out_.piped.push_back({last_string_, std::move(command)});
      else
        out_.backquoted.push_back(std::move(command));
    } else if (code_.substr(next).starts_with("getline") && !last_string_.empty()) {
      out_.backquoted.push_back(last_string_);
    }
  }

  std::string_view code_;
  CodeStyle style_;
  size_t at_ = 0;
  std::string name_;
  std::string last_string_;
  std::string last_closed_;  ///< first literal of the call that was closed last
  size_t last_string_end_ = 0;
  std::vector<size_t> open_;
  std::vector<bool> groups_;
  bool statement_call_ = false;
  bool method_ = false;  ///< the name at hand hangs on a call: Path("f").unlink
  char last_operator_ = 0;
  bool url_ = false, fetch_word_ = false;
  CodeSummary out_;
};

}  // namespace

CodeSummary scan_code(std::string_view code, CodeStyle style) { return Scanner(code, style).run(); }

}  // namespace cmdai::commands
