// cmdai policy template list|show.
#include "daemon/cli/policy_template.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/terminal.hpp"
#include "libcore/policy/builtin_packs.hpp"

namespace cmdai::cli {
namespace {

/// "templates/sre.toml" -> "sre".
std::string_view name_of(const policy::SourceFile& file) {
  std::string_view name = file.path;
  name.remove_prefix(name.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

/// For whom it is: the first line, a comment.
std::string_view first_line(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  return line.substr(std::min(line.find_first_not_of("# "), line.size()));
}

}  // namespace

Result<std::string_view> find_template(std::string_view name) {
  std::vector<std::string_view> names;
  for (const policy::SourceFile& file : policy::policy_templates()) {
    if (name_of(file) == name) return std::string_view(file.text);
    names.push_back(name_of(file));
  }
  const auto near = nearest(name, names.data(), names.data() + names.size());
  Diagnostic d;
  d.message = fmt::format("no template is called `{}`", explain::printable(name));
  d.hint = near.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                        : fmt::format("did you mean `{}`?", near);
  return fail(std::move(d));
}

int run_template_list(const Arguments&) {
  size_t width = 0;
  for (const policy::SourceFile& file : policy::policy_templates())
    width = std::max(width, name_of(file).size());
  for (const policy::SourceFile& file : policy::policy_templates())
    print(fmt::format("{:<{}}  {}\n", name_of(file), width, first_line(file.text)));
  return kDone;
}

int run_template_show(const Arguments& a) {
  if (a.operands.size() != 1)
    return complain("name one template", "`cmdai policy template list` shows all of them", kUsage);
  const Result<std::string_view> text = find_template(a.operands[0]);
  if (!text) return complain(text.error(), kUsage);
  print(*text);
  return kDone;
}

}  // namespace cmdai::cli
