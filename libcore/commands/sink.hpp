#pragma once
// Where a handler puts what it knows: effects, and what the program would run in turn.
#include <array>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/commands/call.hpp"
#include "libcore/effects/effect.hpp"
#include "libcore/effects/path_class.hpp"
#include "libcore/resolve/evaluator.hpp"

namespace cmdai::repository {
class WorkTree;
}  // namespace cmdai::repository

namespace cmdai::commands {

using effects::Effect;
using effects::Kind;
using effects::PathClass;
using resolve::Argument;
using resolve::Invocation;
using resolve::Taint;
using resolve::Value;

/// What is too long to be followed (a file doubled in a loop) is no longer known.
Value bounded(Value value);

/// What is known of paths while a line is judged.
struct KnownPaths {
  /// What the line itself put into files: `echo rm x > f; sh f` runs what is known.
  std::map<std::string, Value> written;
  /// Where what the line copies, moves or links comes from on the disk.
  std::map<std::string, std::string, std::less<>> origins;
  /// Fifos by their paths: what each was called when it was made; and what the line pours into them.
  std::map<std::string, std::string, std::less<>> fifos;
  std::map<std::string, Value, std::less<>> poured;
  /// Folders the line makes: what it deletes there was not there before.
  std::map<std::string, bool, std::less<>> made;  ///< true: the disk says that nothing was there
  /// What earlier lines of the session put there, as far as this one may mean it.
  struct Earlier {
    Value content;
    std::string how;  ///< of what was fetched: "downloaded 2 commands ago from example.org"
  };
  std::map<std::string, Earlier> earlier;
  std::vector<std::string> started;  ///< of those that were fetched: what this line runs
  /// The last few on this machine that were classified: a handler asks about one path several times.
  struct Classified {
    std::string path, cwd;
    bool active = false;
    effects::Target target;
  };
  std::array<Classified, 4> classified;
  size_t next = 0;
  /// The line has come past something that may change files: what the disk says is what was there before.
  bool stale = false;
  /// Work trees that were looked at for this line, by their tops.
  std::map<std::string, std::shared_ptr<repository::WorkTree>> trees;
  /// What the line itself chose to work on from then on: the cluster, the engine, the workspace.
  std::map<std::string, std::string, std::less<>> chosen;
};

class Sink {
 public:
  Sink(const Invocation& invocation, resolve::Evaluator& evaluator, std::vector<Effect>& effects,
       KnownPaths& paths)
      : invocation_(invocation),
        evaluator_(evaluator),
        effects_(effects),
        first_(effects.size()),
        paths_(paths) {}

  /// An effect of this call; the returned reference is good until the next one is added.
  Effect& add(Kind kind, std::string_view tag, resolve::Place place);
  Effect& add(Kind kind, std::string_view tag) { return add(kind, tag, invocation_.place); }
  /// On a path: classified, with cwd, container and privilege taken into account.
  Effect& on_path(Kind kind, std::string_view tag, const Argument& path);
  /// On something that is no local path.
  Effect& on(Kind kind, std::string_view tag, const Argument& what);

  /// What the program runs. Returns what that writes.
  Value run(std::vector<Argument> argv, resolve::RunAs how);
  Value run_code(const Argument& code, const Dialect& dialect, resolve::RunAs how,
                 std::vector<Value> positional = {}, std::string name = {});
  /// Code from a value in a shell: known text is read on, the rest is judged by where it came from.
  Value run_shell(const Value& code, const Dialect& dialect, resolve::RunAs how, resolve::Place place,
                  std::vector<Value> positional = {});
  /// A script on the disk, see Evaluator::run_script.
  Value run_script(std::string text, const Dialect& dialect, resolve::RunAs how, resolve::Place place,
                   std::string path, std::vector<Value> words);
  /// Code for an interpreter that is not known: remote, decoded or merely unknown.
  void run_unknown(const Value& code, resolve::Place place);

  /// A program file that is not read on: what was fetched is somebody else's code. `is_read`: its text was
  /// judged before.
  Effect& run_file(const Argument& file, bool is_read = false);

  /// Remembers what a file holds from here on.
  void note_file(const Value& path, Value content, bool append);
  /// A fifo the line makes, and a new name of one.
  void note_fifo(const Value& path);
  void note_fifo(const Value& to, const std::string& fifo);
  /// What a fifo was called when it was made; nullptr: none.
  const std::string* fifo(const Value& path) const;
  /// The file at `to` will be the one that is at `from` now. Both absolute.
  void note_origin(const std::string& to, const std::string& from);
  /// Where to read what will be at `path` when the line has come this far.
  std::string origin(const std::string& path) const;

  /// What this line put there, or an earlier one and the disk says nothing newer; nullptr: nothing known.
  const Value* file_content(const Value& path) const;

  /// A folder the line makes. One that is there already stays what it is.
  void note_made(const Value& folder);
  /// Something that was elsewhere goes to this place: what is made there is not all there is any more.
  void note_filled(const Value& place);
  /// Such a folder, or something in it.
  bool is_made(const effects::Target& target) const;

  /// A key file, or a copy of one this line made.
  bool is_secret(const Value& path) const;

  /// What the programs run through this sink write; nullptr: none was run.
  const Value* ran() const { return ran_ ? &output_ : nullptr; }

  /// Charges what a handler does for each word or file; false: enough, the line has been called too complex.
  bool spend(uint64_t bytes) { return evaluator_.spend(bytes); }
  /// The same for text that is copied as it is, which costs far less than to look at it.
  bool copies(const Value& text) { return spend(1 + text.size() / 16); }

  effects::Target classify(const Value& path) const;

  /// The disk of this machine; nullptr for what runs on another one.
  Probe* probe() const;
  /// The disk, where it may be looked at and what it says is still true when the line comes to this call.
  Probe* disk() const;
  /// The work tree that holds a path (absolute, its folders no links), or whose top it is; read once a line.
  /// nullptr: none, or nobody may look.
  repository::WorkTree* tree_around(const std::string& path) const;
  repository::WorkTree* tree_at(const std::string& path) const;
  /// The effects of this call so far, and of what it runs.
  std::span<Effect> added() { return std::span(effects_).subspan(first_); }
  /// What the line chose to work on, by a word for what it is; nullptr: it did not.
  const std::string* chosen(std::string_view what) const;
  void choose(std::string_view what, std::string name) {
    paths_.chosen.insert_or_assign(std::string(what), std::move(name));
  }

  const std::string& home() const { return evaluator_.session().home; }
  resolve::RunAs as(std::string_view program) const;
  resolve::Evaluator& evaluator() { return evaluator_; }
  const Invocation& invocation() const { return invocation_; }

 private:
  const Invocation& invocation_;
  resolve::Evaluator& evaluator_;
  Value collect(Value output);
  const KnownPaths::Earlier* earlier(const std::string& path) const;

  std::vector<Effect>& effects_;
  size_t first_;
  effects::Target classify_anew(const Value& path) const;
  KnownPaths& paths_;
  bool ran_ = false;
  Value output_;
  size_t output_size_ = 0;
};

}  // namespace cmdai::commands
