#pragma once
// A plugin in C++, on top of cmdai_plugin.h (which says what each function means). Only this header is
// needed:
//
//   class Mine : public cmdai::plugin::Plugin {
//    public:
//     explicit Mine(const cmdai::plugin::Host& host) : Plugin(host) {}
//     std::optional<Decision> decide(const Request& request, const Verdict&) override;
//   };
//   CMDAI_PLUGIN(Mine, "mine", "1.0")
//
// The class overrides what it is for, publicly; what it leaves alone is not in the table and is never called.
// A constructor or function that throws has failed: what() goes to the host, nothing crosses. Views that come
// in are borrowed for the call; the Host and its texts stay until the destructor has run.
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cmdai_plugin.h"

namespace cmdai::plugin {

inline std::string_view view(cmdai_bytes bytes) noexcept {
  return bytes.size == 0 ? std::string_view() : std::string_view(bytes.data, bytes.size);
}
inline cmdai_bytes bytes(std::string_view text) noexcept { return {text.data(), text.size()}; }

/// A member of a struct from a host that may be older than this header: nothing where it ends before.
#define CMDAI_PLUGIN_MEMBER(from, member)                                               \
  ((from)->size >= static_cast<size_t>(reinterpret_cast<const char*>(&(from)->member) - \
                                       reinterpret_cast<const char*>(from)) +           \
                       sizeof((from)->member)                                           \
       ? (from)->member                                                                 \
       : decltype((from)->member)())

enum class Action : uint32_t {
  no_opinion = CMDAI_NO_OPINION,
  allow = CMDAI_ALLOW,
  warn = CMDAI_WARN,
  ask = CMDAI_ASK,
  block = CMDAI_BLOCK
};
enum class Level : uint32_t {
  debug = CMDAI_LOG_DEBUG,
  info = CMDAI_LOG_INFO,
  warning = CMDAI_LOG_WARNING,
  error = CMDAI_LOG_ERROR
};
enum class Changed : uint32_t {
  policy = CMDAI_CHANGED_POLICY,
  gate = CMDAI_CHANGED_GATE,
  health = CMDAI_CHANGED_HEALTH,
  recorded = CMDAI_CHANGED_RECORDED
};
enum class Approval : uint32_t {
  code = CMDAI_APPROVAL_CODE,
  yes = CMDAI_APPROVAL_YES,
  always = CMDAI_APPROVAL_ALWAYS
};
enum class HealthState : uint32_t {
  ok = CMDAI_HEALTH_OK,
  degraded = CMDAI_HEALTH_DEGRADED,
  failed = CMDAI_HEALTH_FAILED
};

/// The host's functions may be called from any thread. Copies are cheap.
class Host {
 public:
  explicit Host(const cmdai_host* raw) noexcept : raw_(raw) {}
  void log(Level level, std::string_view text) const noexcept {
    if (auto* call = CMDAI_PLUGIN_MEMBER(raw_, log))
      call(raw_->context, static_cast<uint32_t>(level), bytes(text));
  }
  void changed(Changed what) const noexcept {
    if (auto* call = CMDAI_PLUGIN_MEMBER(raw_, changed)) call(raw_->context, static_cast<uint32_t>(what));
  }
  void report(std::string_view text) const noexcept {
    if (auto* call = CMDAI_PLUGIN_MEMBER(raw_, report)) call(raw_->context, bytes(text));
  }
  std::string_view name() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, name)); }
  std::string_view state_dir() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, state_dir)); }
  std::string_view settings() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, settings)); }
  std::string_view daemon() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, daemon)); }
  std::string_view daemon_path() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, daemon_path)); }
  std::string_view daemon_sha256() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, daemon_sha256)); }
  std::string_view boot_id() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, boot_id)); }
  std::string_view user() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, user)); }
  std::string_view home() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, home)); }
  std::string_view host_name() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, host_name)); }
  std::string_view event_log() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, event_log)); }
  uint64_t last_event() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, last_event); }
  uint32_t uid() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, uid); }
  bool own_file() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, own_file) == 1; }
  const cmdai_host* raw() const noexcept { return raw_; }

 private:
  const cmdai_host* raw_;
};

/// cmdai_request in views.
class Request {
 public:
  explicit Request(const cmdai_request* raw) noexcept : raw_(raw) {}
  std::string_view id() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, id)); }
  std::string_view command() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, command)); }
  std::string_view typed() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, typed)); }
  std::string_view writes() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, writes)); }
  std::string_view shell() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, shell)); }
  std::string_view cwd() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, cwd)); }
  std::string_view session() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, session)); }
  std::string_view actor() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, actor)); }
  std::string_view actor_name() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, actor_name)); }
  std::string_view confidence() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, confidence)); }
  std::string_view evidence() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, evidence)); }
  std::string_view source() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, source)); }
  std::string_view effects() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, effects)); }
  std::string_view parent() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, parent)); }
  std::string_view agent_version() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, agent_version)); }
  std::string_view agent_sub() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, agent_sub)); }
  std::string_view tool() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, tool)); }
  int64_t time_ms() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, time_ms); }
  int64_t pid() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, pid); }
  int64_t parent_pid() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, parent_pid); }
  bool tty() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, tty) == 1; }
  bool recorded() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, recorded) == 1; }

 private:
  const cmdai_request* raw_;
};

class Verdict {
 public:
  explicit Verdict(const cmdai_verdict* raw) noexcept : raw_(raw) {}
  Action action() const noexcept { return static_cast<Action>(CMDAI_PLUGIN_MEMBER(raw_, action)); }
  std::string_view rule() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, rule)); }
  std::string_view severity() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, severity)); }
  std::string_view reason() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, reason)); }
  std::string_view hint() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, hint)); }
  std::string_view rules() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, rules)); }
  std::string_view allowed_by() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, allowed_by)); }
  std::string_view policy() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, policy)); }

 private:
  const cmdai_verdict* raw_;
};

class ApprovalAsked {
 public:
  explicit ApprovalAsked(const cmdai_approval* raw) noexcept : raw_(raw) {}
  Approval kind() const noexcept { return static_cast<Approval>(CMDAI_PLUGIN_MEMBER(raw_, kind)); }
  std::string_view rule() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, rule)); }
  std::string_view reason() const noexcept { return view(CMDAI_PLUGIN_MEMBER(raw_, reason)); }
  int64_t pid() const noexcept { return CMDAI_PLUGIN_MEMBER(raw_, pid); }

 private:
  const cmdai_approval* raw_;
};

/// What decide() and gate() give.
struct Decision {
  Action action = Action::no_opinion;
  std::string rule, reason, hint;
};

struct Document {
  enum class Kind : uint32_t {
    settings = CMDAI_DOCUMENT_SETTINGS,
    rules = CMDAI_DOCUMENT_RULES,
    groups = CMDAI_DOCUMENT_GROUPS
  };
  Kind kind = Kind::rules;
  std::string name, text;
};

struct Health {
  HealthState state = HealthState::ok;
  std::vector<std::pair<std::string, std::string>> lines;
};

class Plugin {
 public:
  using Decision = plugin::Decision;
  using Document = plugin::Document;
  using Request = plugin::Request;
  using Verdict = plugin::Verdict;

  explicit Plugin(const Host& host) : host_(host) {}
  virtual ~Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  virtual void reload(std::string_view /*settings*/) {}
  virtual Health health() { return {}; }
  /// nullopt: no opinion.
  virtual std::optional<Decision> decide(const Request& /*request*/, const Verdict& /*verdict*/) {
    return std::nullopt;
  }
  virtual std::vector<Document> policy() { return {}; }
  virtual void policy_result(bool /*ok*/, std::string_view /*text*/) {}
  /// nullopt: open.
  virtual std::optional<Decision> gate() { return std::nullopt; }
  /// The reason of a refusal; nullopt: the person's answer counts.
  virtual std::optional<std::string> approve(const Request& /*request*/, const ApprovalAsked& /*asked*/) {
    return std::nullopt;
  }
  virtual void record(uint64_t /*seq*/, std::string_view /*line*/) {}
  virtual uint64_t recorded() { return 0; }
  virtual void posture(std::string_view /*json*/) {}

 protected:
  const Host& host() const noexcept { return host_; }

 private:
  Host host_;
};

namespace detail {

/// The object, and what was handed out last: it stays until the next call.
template <typename T>
struct Instance {
  explicit Instance(const cmdai_host* raw) : host(raw), object(std::make_unique<T>(host)) {}
  Host host;
  std::unique_ptr<T> object;
  Decision decision;
  std::string text;
  std::vector<Document> documents;
  std::vector<cmdai_document> raw_documents;
};

inline int failed(const Host& host, std::string_view why) noexcept {
  if (auto* call = CMDAI_PLUGIN_MEMBER(host.raw(), error)) call(host.raw()->context, bytes(why));
  return CMDAI_FAILED;
}

/// Runs it; what it throws becomes a failure with a text.
template <typename Function>
int guarded(const Host& host, Function&& function) noexcept {
  try {
    std::forward<Function>(function)();
    return CMDAI_OK;
  } catch (const std::exception& problem) {
    return failed(host, problem.what());
  } catch (...) {
    return failed(host, "an exception of an unknown kind");
  }
}

template <typename Out>
void put(const Decision& said, Out* out) noexcept {
  out->action = static_cast<uint32_t>(said.action);
  out->rule = bytes(said.rule);
  out->reason = bytes(said.reason);
  out->hint = bytes(said.hint);
}

template <typename T>
struct Table {
  using Self = Instance<T>;
  static Self& self(void* state) noexcept { return *static_cast<Self*>(state); }

  static int start(const cmdai_host* host, void** state) noexcept {
    return guarded(Host(host), [&] { *state = new Self(host); });
  }
  static void close(void* state) noexcept {
    const Host host = self(state).host;
    guarded(host, [&] { delete &self(state); });
  }
  static int reload(void* state, cmdai_bytes settings) noexcept {
    return guarded(self(state).host, [&] { self(state).object->reload(view(settings)); });
  }
  static int health(void* state, cmdai_health* out) noexcept {
    return guarded(self(state).host, [&] {
      const Health said = self(state).object->health();
      self(state).text.clear();
      for (const auto& [key, value] : said.lines) self(state).text += key + '=' + value + '\n';
      out->state = static_cast<uint32_t>(said.state);
      out->lines = bytes(self(state).text);
    });
  }
  static int decide(void* state, const cmdai_request* request, const cmdai_verdict* verdict,
                    cmdai_decision* out) noexcept {
    return guarded(self(state).host, [&] {
      auto said = self(state).object->decide(Request(request), Verdict(verdict));
      if (!said) return;
      self(state).decision = std::move(*said);
      put(self(state).decision, out);
    });
  }
  static int policy(void* state, cmdai_policy* out) noexcept {
    return guarded(self(state).host, [&] {
      Self& me = self(state);
      me.documents = me.object->policy();
      me.raw_documents.clear();
      for (const Document& d : me.documents)
        me.raw_documents.push_back(
            {sizeof(cmdai_document), static_cast<uint32_t>(d.kind), 0, bytes(d.name), bytes(d.text)});
      out->documents = me.raw_documents.data();
      out->count = me.raw_documents.size();
    });
  }
  static void policy_result(void* state, int ok, cmdai_bytes text) noexcept {
    guarded(self(state).host, [&] { self(state).object->policy_result(ok == 1, view(text)); });
  }
  static int gate(void* state, cmdai_gate* out) noexcept {
    return guarded(self(state).host, [&] {
      auto said = self(state).object->gate();
      if (!said) return;
      self(state).decision = std::move(*said);
      put(self(state).decision, out);
    });
  }
  static int approve(void* state, const cmdai_request* request, const cmdai_approval* approval,
                     cmdai_decision* out) noexcept {
    return guarded(self(state).host, [&] {
      auto refusal = self(state).object->approve(Request(request), ApprovalAsked(approval));
      if (!refusal) return;
      self(state).decision = {Action::block, {}, std::move(*refusal), {}};
      put(self(state).decision, out);
    });
  }
  static int record(void* state, uint64_t seq, cmdai_bytes line) noexcept {
    return guarded(self(state).host, [&] { self(state).object->record(seq, view(line)); });
  }
  static int recorded(void* state, uint64_t* seq) noexcept {
    return guarded(self(state).host, [&] { *seq = self(state).object->recorded(); });
  }
  static void posture(void* state, cmdai_bytes json) noexcept {
    guarded(self(state).host, [&] { self(state).object->posture(view(json)); });
  }
};

/// The function, or null where the class leaves the member as it is in Plugin.
#define CMDAI_PLUGIN_FUNCTION(member) \
  (std::is_same_v<decltype(&T::member), decltype(&Plugin::member)> ? nullptr : &Table<T>::member)

template <typename T>
constexpr cmdai_plugin_table table(const char* name, const char* version) {
  static_assert(std::is_base_of_v<Plugin, T>, "a plugin derives from cmdai::plugin::Plugin");
  return {sizeof(cmdai_plugin_table),
          CMDAI_PLUGIN_API_MAJOR,
          CMDAI_PLUGIN_API_MINOR,
          name,
          version,
          &Table<T>::start,
          &Table<T>::close,
          CMDAI_PLUGIN_FUNCTION(reload),
          CMDAI_PLUGIN_FUNCTION(health),
          CMDAI_PLUGIN_FUNCTION(decide),
          CMDAI_PLUGIN_FUNCTION(policy),
          CMDAI_PLUGIN_FUNCTION(policy_result),
          CMDAI_PLUGIN_FUNCTION(gate),
          CMDAI_PLUGIN_FUNCTION(approve),
          CMDAI_PLUGIN_FUNCTION(record),
          CMDAI_PLUGIN_FUNCTION(recorded),
          CMDAI_PLUGIN_FUNCTION(posture)};
}
#undef CMDAI_PLUGIN_FUNCTION

}  // namespace detail
}  // namespace cmdai::plugin

/// Exports the class, once in a shared object, outside of any namespace. NAME and VERSION: string literals.
#define CMDAI_PLUGIN(CLASS, NAME, VERSION)                               \
  extern "C" CMDAI_PLUGIN_EXPORT const cmdai_plugin_table cmdai_plugin = \
      cmdai::plugin::detail::table<CLASS>(NAME, VERSION);
