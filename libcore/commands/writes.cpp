#include "libcore/commands/writes.hpp"
#include "libcore/commands/setting_names.hpp"

#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/mounts.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/commands/trust.hpp"

namespace cmdai::commands {
namespace {

struct Special {
  std::string_view part;
  bool prefix;  ///< of the path; else anywhere in it
  std::string_view tag;
};

/// Places where a written file is run or believed later.
constexpr Special kSpecial[] = {
    {"/.ssh/authorized_keys", false, "persist.ssh-key"},
    {"/.ssh/rc", false, "persist.startup"},
    {"/etc/sudoers", true, "sys.sudoers"},
    {"/etc/cron", true, "sys.cron"},
    {"/etc/anacrontab", true, "sys.cron"},
    {"/var/spool/cron", true, "sys.cron"},
    {"/.config/systemd/user/", false, "persist.service"},
    {"/etc/systemd/", true, "persist.service"},
    {"/lib/systemd/", true, "persist.service"},
    {"/etc/init.d/", true, "persist.boot"},
    {"/etc/rc.local", true, "persist.boot"},
    {"/etc/rc.common", true, "persist.boot"},
    {"/etc/rc.d/", false, "persist.boot"},
    {"/etc/emond.d/", true, "persist.boot"},
    {"/usr/local/etc/sudoers", true, "sys.sudoers"},
    {"/LaunchAgents/", false, "persist.service"},
    {"/LaunchDaemons/", false, "persist.boot"},
    {".git/hooks/", false, "persist.hook"},
    {"/etc/ld.so.preload", true, "exec.hijack"},
    {"/etc/pam.d/", true, "sys.security-off"},
    {"/etc/passwd", true, "sys.user"},
    {"/etc/shadow", true, "sys.user"},
    {"/etc/group", true, "sys.user"},
    {"/etc/hosts", true, "sys.network"},
    {"/etc/resolv.conf", true, "sys.network"},
    {"/proc/sys/kernel/", true, "sys.kernel"},
    {"/proc/sys/", true, "sys.kernel-setting"},
    {"/proc/sysrq-trigger", true, "sys.power"},
    {"/sys/firmware/", true, "sys.kernel"},
    {"/sys/kernel/uevent_helper", true, "sys.kernel"},
    {"/sys/", true, "sys.kernel-setting"},
    {"/etc/ssh/", true, "sys.security-off"},
    {"/etc/selinux/", true, "sys.security-off"},
    {"/etc/apparmor.d/", true, "sys.security-off"},
    {"/etc/audit/", true, "sys.security-off"},
    {"/boot/", true, "sys.kernel"},
    {"/usr/local/share/ca-certificates/", true, "sys.trust"},
    {"/usr/local/share/certs/", true, "sys.trust"},
    {"/usr/share/pki/trust/anchors/", true, "sys.trust"},
    {"/etc/pki/ca-trust/source/anchors/", true, "sys.trust"},
    {"/etc/pki/trust/anchors/", true, "sys.trust"},
    {"/etc/ca-certificates/trust-source/anchors/", true, "sys.trust"},
    {"/etc/modprobe.d/", true, "sys.kernel"},
};

std::string_view special_tag(const std::string& path) {
  for (const Special& s : kSpecial)
    if (s.prefix ? path.starts_with(s.part) : path.find(s.part) != std::string::npos) return s.tag;
  return {};
}

std::string_view plain_tag(Write how) {
  switch (how) {
    case Write::replace: return "fs.overwrite";
    case Write::append: return "fs.append";
    case Write::edit: return "fs.edit";
    case Write::create:
    case Write::place: break;
  }
  return "fs.create";
}

std::string_view word_for(Write how) {
  switch (how) {
    case Write::append: return "append";
    case Write::edit: return "edit";
    case Write::create: return "create";
    case Write::replace:
    case Write::place: break;
  }
  return "replace";
}

/// Nothing is lost where nothing stands yet. Only the disk can tell: where it is not asked, something is
/// taken to stand there.
bool is_new(Sink& sink, const effects::Target& target) {
  Probe* probe = target.elsewhere ? nullptr : sink.probe();
  const size_t slash = target.text.rfind('/');
  if (probe == nullptr || !target.exact || target.glob || slash == std::string::npos) return false;
  return probe->lstat(slash == 0 ? "/" : target.text.substr(0, slash)).has_value() &&
         !probe->lstat(target.text).has_value();
}

/// A file among the programs of the system.
bool is_system_program(const effects::Target& target) {
  if (target.path_class != PathClass::system) return false;
  const size_t slash = target.text.rfind('/');
  if (slash == std::string::npos) return false;
  const std::string folder = target.text.substr(0, slash);
  return folder.ends_with("/bin") || folder.ends_with("/sbin") || folder.ends_with("/libexec");
}

/// mv vault /usr/bin/: one's own beside the system's, by a name nothing of the base system has.
bool adds_program(const effects::Target& target) {
  return target.exact && !target.glob && is_system_program(target) &&
         !is_base_program(std::string_view(target.text).substr(target.text.rfind('/') + 1));
}

/// mv x /etc/new: directly in /etc, by a name that is no configuration anybody knows (path_class.cpp), and
/// not there as far as the disk was asked.
bool adds_configuration(Sink& sink, const effects::Target& target) {
  if (!target.exact || target.glob || target.path_class != PathClass::system_part) return false;
  if (!target.text.starts_with("/etc/") || target.text.find('/', 5) != std::string::npos) return false;
  Probe* probe = target.elsewhere ? nullptr : sink.probe();
  return probe == nullptr || !probe->lstat(target.text).has_value();
}

}  // namespace

/// Of what lies in an agent's folders: what says which hooks it runs, and what it may do without asking. The
/// rest are its notes, commands and memories.
static bool decides_for_agent(const std::string& path) {
  static constexpr std::string_view kWords[] = {
      "settings", "hooks",   "config.toml",   "plugin",  "requirements.toml", "/policies/",
      "policy.d", "trusted", "opencode.json", "managed", "config.json",       ".claude.json"};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&path](std::string_view word) { return path.find(word) != std::string::npos; });
}

void write_effect(Sink& sink, const Argument& path, Write how) {
  const effects::Target target = sink.classify(path.value);
  if (target.path_class == PathClass::null_device) return;
  if (target.path_class == PathClass::device) {
    sink.on_path(Kind::writes_device, "disk.write", path);
    return;
  }
  if (target.path_class == PathClass::cmdai_own) {
    sink.on_path(Kind::changes_config, "self.policy", path);
    return;
  }
  if (target.path_class == PathClass::agent_config) {
    if (decides_for_agent(target.text)) {
      sink.on_path(Kind::changes_config, "persist.agent-config", path);
      return;
    }
  }
  if (const std::string_view tag = special_tag(target.text); !tag.empty()) {
    sink.on_path(Kind::changes_config, tag, path).detail = word_for(how);
    return;
  }
  if (target.path_class == PathClass::shell_startup) {
    sink.on_path(Kind::changes_config, "persist.startup", path).detail = word_for(how);
    return;
  }
  if (how == Write::place && is_system_program(target)) how = Write::replace;
  if (how == Write::replace && (is_system(target.path_class) || target.path_class == PathClass::secret) &&
      is_new(sink, target))
    how = Write::create;
  if (how == Write::replace && (adds_program(target) || adds_configuration(sink, target))) {
    sink.on_path(Kind::installs, "fs.add-to-system", path);
    return;
  }
  sink.on_path(Kind::overwrites, plain_tag(how), path);
}

void judge_key_copy(Sink& sink, const Argument& source, const Argument& target) {
  const effects::Target from = sink.classify(source.value), to = sink.classify(target.value);
  const std::string_view path = from.text;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool key =
      name.starts_with("id_") || name == ".ssh" || path.find("/.gnupg") != std::string_view::npos;
  if (!key || from.path_class != PathClass::secret || from.elsewhere || !to.exact) return;
  const auto folder = [](std::string_view p) { return p.substr(0, p.rfind('/')); };
  // A copy beside it is a backup where keys are kept, or where its name still says what it is.
  const bool beside = folder(to.text) == folder(path) &&
                      (path.find("/.") != std::string_view::npos || to.text.find(name) != std::string::npos ||
                       to.text.find("key") != std::string::npos);
  const bool kept = to.path_class == PathClass::secret || beside;
  if (!kept) sink.on_path(Kind::reads_secret, "secret.copy", source);
}

void copy_content(Sink& sink, const Value& from, const Value& to) {
  if (const std::string* fifo = sink.fifo(from)) sink.note_fifo(to, *fifo);
  if (const Value* content = sink.file_content(from)) {
    sink.note_file(to, Value(*content), false);
  } else if (sink.is_secret(from)) {
    Value key = Value::unknown(resolve::HoleKind::input);
    key.taint = Taint::secret | Taint::file;
    sink.note_file(to, std::move(key), false);
  } else if (sink.probe() != nullptr) {
    const auto source = disk_path(sink, from), target = disk_path(sink, to);
    if (source && target) sink.note_origin(*target, *source);
  }
}

void judge_later_code(Sink& sink, const Value& content, const Argument& file) {
  judge_source_list(content, file, sink);
  judge_fetched_content(sink, content, file);
  const effects::Target target = sink.classify(file.value);
  const bool startup = target.path_class == PathClass::shell_startup;
  if (!startup && target.text.find(".git/hooks/") == std::string::npos) return;
  if (has(content.taint, Taint::remote) && !content.is_exact()) {
    sink.run_unknown(content, file.place);
  } else if (!content.with_holes_empty().empty()) {
    resolve::RunAs how = sink.as("later");
    how.child_shell = true;
    // Past the sink: what that code would print is no output of the program that writes it down.
    sink.evaluator().run_code(content, *dialect_from_name("bash"), sink.invocation(), how, file.place);
  }
}

Taint read_effect(Sink& sink, const Argument& path) {
  const effects::Target target = sink.classify(path.value);
  if (sink.is_secret(path.value)) {
    if (shows_names_only(sink.invocation(), target.text)) return Taint::file;
    sink.on_path(Kind::reads_secret, "secret.read", path);
    return Taint::secret | Taint::file;
  }
  if (const auto ours = on_host(path.value, sink.invocation(), Access::read); ours && sink.is_secret(*ours)) {
    sink.on_path(Kind::reads_secret, "secret.read", {*ours, path.place, nullptr});
    return Taint::secret | Taint::file;
  }
  if (target.text == "/dev/zero" || target.text == "/dev/urandom" || target.text == "/dev/random")
    return Taint::random;
  if (target.path_class == PathClass::device) return Taint::file;
  return Taint::file;
}

}  // namespace cmdai::commands
