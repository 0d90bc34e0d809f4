// A code lets exactly one command run, once, for a while.
#include "daemon/cmdaid/approvals.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace cmdai::daemon;

namespace {
const StoppedRequest kRequest{"rm -rf x", "/p", "s1", "human"};
constexpr int64_t kNow = 1'700'000'000;
}  // namespace

TEST_CASE("a code counts once, for the very request, after a yes") {
  Approvals approvals;
  CHECK_FALSE(approvals.redeem(kRequest, kNow));
  const std::string code = approvals.issue(kRequest, "why", kNow);
  CHECK(code.size() == 7);
  CHECK(approvals.issue(kRequest, "why", kNow + 1) == code);
  CHECK_FALSE(approvals.redeem(kRequest, kNow));  // nobody said yes
  CHECK_FALSE(approvals.approve("nonsense", kNow));
  CHECK_FALSE(approvals.approve("", kNow));
  REQUIRE(approvals.approve(code, kNow));
  CHECK_FALSE(approvals.approve(code, kNow));
  for (const StoppedRequest& other :
       {StoppedRequest{"rm -rf x ", "/p", "s1", "human"}, StoppedRequest{"rm -rf x", "/", "s1", "human"},
        StoppedRequest{"rm -rf x", "/p", "s2", "human"}, StoppedRequest{"rm -rf x", "/p", "s1", "agent:x"}})
    CHECK_FALSE(approvals.redeem(other, kNow));
  CHECK(approvals.redeem(kRequest, kNow));
  CHECK_FALSE(approvals.redeem(kRequest, kNow));
  CHECK(approvals.issue(kRequest, "why", kNow) != code);
}

TEST_CASE("a code that was refused is worth nothing; what was approved stays so") {
  Approvals approvals;
  const std::string code = approvals.issue(kRequest, "why", kNow);
  CHECK_FALSE(approvals.refuse("nonsense", kNow));
  CHECK(approvals.refuse(code, kNow));
  CHECK_FALSE(approvals.refuse(code, kNow));
  CHECK_FALSE(approvals.approve(code, kNow));
  const std::string second = approvals.issue(kRequest, "why", kNow);
  CHECK(second != code);
  REQUIRE(approvals.approve(second, kNow));
  CHECK_FALSE(approvals.refuse(second, kNow));
  CHECK(approvals.redeem(kRequest, kNow));
}

TEST_CASE("codes and approvals end") {
  Approvals approvals;
  const std::string code = approvals.issue(kRequest, "why", kNow);
  CHECK_FALSE(approvals.approve(code, kNow + Approvals::kLifetime));
  const std::string second = approvals.issue(kRequest, "why", kNow);
  const auto approved = approvals.approve(second, kNow + 10);
  REQUIRE(approved);
  CHECK(approved->command == kRequest.command);
  CHECK(approved->expires == kNow + 10 + Approvals::kLifetime);
  CHECK_FALSE(approvals.redeem(kRequest, approved->expires));
}

TEST_CASE("an approved command that is stopped again meanwhile gets another code") {
  Approvals approvals;
  const std::string code = approvals.issue(kRequest, "why", kNow);
  REQUIRE(approvals.approve(code, kNow));
  CHECK(approvals.issue(kRequest, "why", kNow) != code);
  CHECK(approvals.redeem(kRequest, kNow));
}

TEST_CASE("codes differ, and only so many are kept, by number and by bytes") {
  Approvals approvals;
  std::set<std::string> codes;
  std::string first;
  for (size_t i = 0; i < 2 * Approvals::kMost; ++i) {
    StoppedRequest r = kRequest;
    r.command += std::to_string(i);
    const std::string code = approvals.issue(r, "why", kNow);
    if (i == 0) first = code;
    codes.insert(code);
  }
  CHECK(codes.size() == 2 * Approvals::kMost);
  CHECK_FALSE(approvals.approve(first, kNow));
  StoppedRequest small = kRequest;
  const std::string early = approvals.issue(small, "why", kNow);
  std::string last;
  for (int i = 0; i < 40; ++i) {
    StoppedRequest r = kRequest;
    r.command.assign(200'000, static_cast<char>('a' + i % 26));
    r.cwd = std::to_string(i);
    last = approvals.issue(r, "why", kNow);
  }
  CHECK_FALSE(approvals.approve(early, kNow));
  CHECK(approvals.approve(last, kNow));
}
