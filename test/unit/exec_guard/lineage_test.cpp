#include "shell-hooks/exec-guard/lineage.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace cmdai::exec_guard;

namespace {

/// 10 is the agent, 20 a shell it started, 30 a fork of that, 40 somebody else's.
struct Tree {
  std::map<pid_t, ProcessNumbers> processes = {
      {10, {5, "100"}}, {20, {10, "200"}}, {30, {20, "300"}}, {40, {5, "400"}}};
  Lineage lineage{[this](pid_t pid) -> std::optional<ProcessNumbers> {
    const auto it = processes.find(pid);
    return it == processes.end() ? std::nullopt : std::optional(it->second);
  }};

  ExecCall call(pid_t pid) const {
    ExecCall out;
    out.pid = pid;
    out.parent = processes.at(pid).parent;
    out.birth = processes.at(pid).birth;
    return out;
  }
};

}  // namespace

TEST_CASE("the parent is the nearest line a process comes from, over forks that ran nothing") {
  Tree t;
  CHECK(t.lineage.parent(t.call(30)).pid == 0);
  t.lineage.runs(t.call(10), "agent");
  CHECK(t.lineage.parent(t.call(30)).line == "agent");
  t.lineage.runs(t.call(20), "sh -c x");
  CHECK(t.lineage.parent(t.call(30)).line == "sh -c x");
  CHECK(t.lineage.parent(t.call(30)).pid == 20);
  CHECK(t.lineage.parent(t.call(40)).pid == 0);
  t.lineage.runs(t.call(20), "second image");
  CHECK(t.lineage.parent(t.call(20)).line == "second image");
}

TEST_CASE("a parent that has ended meanwhile is known by what was seen of it, and no other by its number") {
  Tree t;
  t.lineage.runs(t.call(10), "agent");
  t.lineage.runs(t.call(20), "sh -c x");
  ExecCall call = t.call(30);
  call.birth.clear();
  t.processes.erase(20);
  t.processes.erase(30);
  CHECK(t.lineage.parent(call).pid == 0);
  call.parent_birth = "200";
  call.grandparent = 10;
  CHECK(t.lineage.parent(call).line == "sh -c x");
  call.parent_birth = "199";
  CHECK(t.lineage.parent(call).line == "agent");
}

TEST_CASE("what a person let run covers the same, for what it starts, and no more") {
  Tree t;
  t.lineage.runs(t.call(20), "sh -c 'rm -rf a b'");
  t.lineage.approve(t.call(20), {"fs.delete", {"deletes /a", "deletes /b"}});
  CHECK(t.lineage.covered(t.call(30), "fs.delete", {"deletes /a"}));
  CHECK(t.lineage.covered(t.call(20), "fs.delete", {"deletes /b"}));
  CHECK(!t.lineage.covered(t.call(30), "fs.delete", {"deletes /a", "deletes /c"}));
  CHECK(!t.lineage.covered(t.call(30), "fs.other", {"deletes /a"}));
  CHECK(!t.lineage.covered(t.call(30), "fs.delete", {}));
  CHECK(!t.lineage.covered(t.call(30), "", {"deletes /a"}));
  CHECK(!t.lineage.covered(t.call(10), "fs.delete", {"deletes /a"}));
  CHECK(!t.lineage.covered(t.call(40), "fs.delete", {"deletes /a"}));
}

TEST_CASE("it stays with the process when that becomes another program") {
  Tree t;
  t.lineage.approve(t.call(20), {"r", {"e"}});
  t.lineage.runs(t.call(20), "exec rm");
  CHECK(t.lineage.covered(t.call(20), "r", {"e"}));
}

TEST_CASE("another process under the same number inherits nothing") {
  Tree t;
  t.lineage.runs(t.call(20), "old");
  t.lineage.approve(t.call(20), {"r", {"e"}});
  t.processes[20].birth = "201";
  CHECK(!t.lineage.covered(t.call(20), "r", {"e"}));
  CHECK(!t.lineage.covered(t.call(30), "r", {"e"}));
  CHECK(t.lineage.parent(t.call(30)).pid == 0);
}

TEST_CASE("a verdict that told as many effects as it can told perhaps not all: nothing is covered") {
  Tree t;
  std::vector<std::string> many;
  std::set<std::string> all;
  for (int i = 0; i < 32; ++i) all.insert(many.emplace_back("deletes /" + std::to_string(i)));
  t.lineage.approve(t.call(20), {"r", all});
  CHECK(!t.lineage.covered(t.call(30), "r", many));
  many.pop_back();
  CHECK(t.lineage.covered(t.call(30), "r", many));
}

TEST_CASE("a circle of parents ends") {
  Tree t;
  t.processes[5] = {30, "50"};
  t.processes[10].parent = 5;
  CHECK(t.lineage.parent(t.call(30)).pid == 0);
}
