#include "shell-hooks/exec-guard/exec_filter.hpp"

#include <doctest/doctest.h>
#include <linux/audit.h>
#include <sys/syscall.h>

using namespace cmdai::exec_guard;

TEST_CASE("both calls of the machine's own ABI are known, and nothing else of it") {
#if defined(__x86_64__)
  constexpr uint32_t kNative = AUDIT_ARCH_X86_64;
#else
  constexpr uint32_t kNative = AUDIT_ARCH_AARCH64;
#endif
  const auto plain = exec_kind(kNative, SYS_execve);
  REQUIRE(plain.has_value());
  CHECK(!plain->at);
  CHECK(plain->pointer == 8);
  const auto at = exec_kind(kNative, SYS_execveat);
  REQUIRE(at.has_value());
  CHECK(at->at);
  CHECK(!exec_kind(kNative, SYS_openat).has_value());
}

#if defined(__x86_64__)
TEST_CASE("i386 and x32 have numbers of their own and short pointers") {
  // linux: arch/x86/entry/syscalls/syscall_32.tbl, syscall_64.tbl (x32 part)
  const std::tuple<uint32_t, int, bool> cases[] = {{AUDIT_ARCH_I386, 11, false},
                                                   {AUDIT_ARCH_I386, 358, true},
                                                   {AUDIT_ARCH_X86_64, 0x40000000 + 520, false},
                                                   {AUDIT_ARCH_X86_64, 0x40000000 + 545, true}};
  for (const auto& [arch, number, at] : cases) {
    CAPTURE(number);
    const auto kind = exec_kind(arch, number);
    REQUIRE(kind.has_value());
    CHECK(kind->at == at);
    CHECK(kind->pointer == 4);
  }
}
#endif

TEST_CASE("the filter can be built") {
  const auto filter = exec_filter();
  REQUIRE(filter.has_value());
  CHECK(filter->size() > 10);
}
