// cmdai policy schema, cmdai debug words.
#include <nlohmann/json.hpp>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/terminal.hpp"
#include "libcore/policy/builtin_packs.hpp"
#include "libcore/policy/words.hpp"

namespace cmdai::cli {

int run_policy_schema(const Arguments& a) {
  const std::string name = a.operands.size() == 1 ? a.operands[0] : "";
  const std::string_view path = name == "config"         ? "schema/config.schema.json"
                                : name == "rules"        ? "schema/policy.schema.json"
                                : name == "organization" ? "schema/organization.schema.json"
                                                         : "";
  for (const policy::SourceFile& schema : policy::policy_schemas())
    if (schema.path == path) return print(schema.text), kDone;
  return complain("name one schema: `config`, `organization` or `rules`",
                  "`config` is for config.toml and templates, `rules` for rule packs, `organization` for an "
                  "organization's document",
                  kUsage);
}

int run_debug_words(const Arguments&) {
  nlohmann::ordered_json out;
  for (const policy::words::Group& group : policy::words::all())
    out[std::string(group.name)] = std::vector<std::string>(group.words.begin(), group.words.end());
  print(out.dump() + '\n');
  return kDone;
}

}  // namespace cmdai::cli
