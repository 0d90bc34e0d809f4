#pragma once
// One function for each command; each returns the exit status.
namespace cmdai::collector::cli {

class Arguments;

int run_init(const Arguments& given);
int run_serve(const Arguments& given);
int run_token_create(const Arguments& given);
int run_token_list(const Arguments& given);
int run_token_revoke(const Arguments& given);
int run_api_token_create(const Arguments& given);
int run_device_list(const Arguments& given);
int run_device_revoke(const Arguments& given);
int run_policy_new(const Arguments& given);
int run_policy_sign(const Arguments& given);
int run_policy_publish(const Arguments& given);
int run_verify(const Arguments& given);
int run_export(const Arguments& given);
int run_backup(const Arguments& given);
int run_reindex(const Arguments& given);
int run_help(const Arguments& given);

}  // namespace cmdai::collector::cli
