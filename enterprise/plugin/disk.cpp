#include "enterprise/plugin/disk.hpp"

namespace cmdai::device {

Result<void> Disk::replace(const std::string& name, std::string_view bytes) {
  const std::string beside = name + ".new";
  auto file = create(beside);
  if (!file) return fail(file.error());
  if (auto done = (*file)->append(bytes); !done) return done;
  if (auto done = (*file)->sync(); !done) return done;
  file->reset();
  if (auto done = rename(beside, name); !done) return done;
  return sync_names();
}

}  // namespace cmdai::device
