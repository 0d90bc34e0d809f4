#include "shell-hooks/exec-guard/exec_filter.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "daemon/host/files.hpp"

namespace cmdai::exec_guard {
namespace {

struct Abi {
  uint32_t token;    ///< libseccomp's name of it
  uint32_t arch;     ///< AUDIT_ARCH_ as the kernel says it
  unsigned pointer;  ///< bytes
};
#if defined(__x86_64__)
constexpr Abi kAbis[] = {{SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, 8},
                         {SCMP_ARCH_X86, AUDIT_ARCH_I386, 4},
                         {SCMP_ARCH_X32, AUDIT_ARCH_X86_64, 4}};
#elif defined(__aarch64__)
constexpr Abi kAbis[] = {{SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, 8}, {SCMP_ARCH_ARM, AUDIT_ARCH_ARM, 4}};
#else
#error "the exec guard knows x86-64 and arm64"
#endif

struct Notified {
  uint32_t arch;
  int number;
  ExecKind kind;
};

std::vector<Notified> notified_calls() {
  std::vector<Notified> out;
  for (const Abi& abi : kAbis)
    for (const bool at : {false, true}) {
      const int number = seccomp_syscall_resolve_name_arch(abi.token, at ? "execveat" : "execve");
      if (number != __NR_SCMP_ERROR) out.push_back({abi.arch, number, {at, abi.pointer}});
    }
  return out;
}

struct Release {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, Release>;

Diagnostic filter_problem(int error) {
  Diagnostic d;
  d.message = "the seccomp filter could not be built: " + std::string(std::strerror(error));
  d.hint = "libseccomp 2.5 on Linux 5.5 or later is needed";
  return d;
}

/// Adds what the filter is for; 0 or a negative errno.
int add_rules(scmp_filter_ctx context) {
  int error = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
  for (const Abi& abi : kAbis)
    if (error == 0 && abi.token != seccomp_arch_native()) error = seccomp_arch_add(context, abi.token);
  for (const int call : {SCMP_SYS(execve), SCMP_SYS(execveat)})
    if (error == 0) error = seccomp_rule_add(context, SCMP_ACT_NOTIFY, call, 0);
  // The kernel looks at 32 bits of the request, whatever else is in the register.
  for (const uint64_t request : {uint64_t{TIOCSTI}, uint64_t{TIOCLINUX}}) {
    const scmp_arg_cmp asked{1, SCMP_CMP_MASKED_EQ, 0xffffffff, request};
    if (error == 0)
      error = seccomp_rule_add_array(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1, &asked);
  }
  return error;
}

}  // namespace

std::optional<ExecKind> exec_kind(uint32_t arch, int number) {
  static const std::vector<Notified> kCalls = notified_calls();
  for (const Notified& call : kCalls)
    if (call.arch == arch && call.number == number) return call.kind;
  return std::nullopt;
}

Result<std::vector<sock_filter>> exec_filter() {
  const Context context(seccomp_init(SCMP_ACT_ALLOW));
  if (context == nullptr) return fail(filter_problem(ENOMEM));
  if (const int error = add_rules(context.get()); error != 0) return fail(filter_problem(-error));
  // Loaded by hand: this libseccomp cannot say WAIT_KILLABLE_RECV.
  const host::Descriptor file(memfd_create("cmdai-filter", MFD_CLOEXEC));
  if (file.get() < 0) return fail(filter_problem(errno));
  if (const int error = seccomp_export_bpf(context.get(), file.get()); error != 0)
    return fail(filter_problem(-error));
  const off_t bytes = lseek(file.get(), 0, SEEK_END);
  std::vector<sock_filter> out(static_cast<size_t>(bytes) / sizeof(sock_filter));
  const size_t wanted = out.size() * sizeof(sock_filter);
  if (wanted == 0 || pread(file.get(), out.data(), wanted, 0) != static_cast<ssize_t>(wanted))
    return fail(filter_problem(EIO));
  return out;
}

Installed install(const std::vector<sock_filter>& filter) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return {-1, errno};
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};  // the kernel reads it
  // Once its exec is being judged, only a fatal signal takes a program out of it (Linux 5.19): else each
  // SIGCHLD or SIGWINCH would ask the same question again.
  for (const unsigned long flags : {SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                                    SECCOMP_FILTER_FLAG_NEW_LISTENER}) {
    const long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (listener >= 0) return {static_cast<int>(listener), 0};
    if (errno != EINVAL) return {-1, errno};
  }
  return {-1, errno};
}

}  // namespace cmdai::exec_guard
