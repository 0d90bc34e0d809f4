#pragma once
// What runs behind each row of the table. Each returns an exit status.
#include "daemon/cli/command.hpp"

namespace cmdai::cli {

int run_check(const Arguments& arguments);
int run_explain(const Arguments& arguments);
int run_status(const Arguments& arguments);
int run_doctor(const Arguments& arguments);
int run_log(const Arguments& arguments);
int run_rules_list(const Arguments& arguments);
int run_rules_show(const Arguments& arguments);
int run_rules_test(const Arguments& arguments);
int run_policy_check(const Arguments& arguments);
int run_policy_trust(const Arguments& arguments);
int run_policy_untrust(const Arguments& arguments);
int run_policy_effective(const Arguments& arguments);
int run_policy_schema(const Arguments& arguments);
int run_template_list(const Arguments& arguments);
int run_template_show(const Arguments& arguments);
int run_template_use(const Arguments& arguments);
int run_agents_list(const Arguments& arguments);
int run_agents_install(const Arguments& arguments);
int run_agents_remove(const Arguments& arguments);
int run_allow(const Arguments& arguments);
int run_init(const Arguments& arguments);
int run_guarded_program(const Arguments& arguments);
int run_shell(const Arguments& arguments);
int run_start(const Arguments& arguments);
int run_stop(const Arguments& arguments);
int run_reload(const Arguments& arguments);
int run_version(const Arguments& arguments);
int run_relay(const Arguments& arguments);
int run_hook(const Arguments& arguments);
int run_mcp(const Arguments& arguments);
int run_help(const Arguments& arguments);
int run_completions(const Arguments& arguments);
int run_debug_parse(const Arguments& arguments);
int run_debug_man(const Arguments& arguments);
int run_agents_verify(const Arguments& arguments);
int run_debug_drive(const Arguments& arguments);
int run_debug_words(const Arguments& arguments);

}  // namespace cmdai::cli
