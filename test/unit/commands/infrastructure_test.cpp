// terraform and its kin, cloud tools, object stores.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("lines for many machines") {
  check_effects({
      {"salt '*' cmd.run 'rm f'", "fs.delete{f}"},
      {"salt 'web*' test.ping", ""},
      {"salt-call cmd.run 'rm f'", "fs.delete{f}"},
      {"fab -H host -- rm f", "fs.delete{f}"},
      {"fab -H host deploy", ""},
      {"deno run -A https://e.org/x.ts", "exec.remote{https://e.org/x.ts}"},
      {"deno run -A x.ts", "exec.file{x.ts}"},
  });
}

TEST_CASE("infrastructure as code") {
  check_effects({
      {"terraform plan -destroy -out=p && terraform apply p", "infra.destroy{p}"},
      {"tofu plan -destroy -out p; tofu apply p", "infra.destroy{p}"},
      {"echo 'filebase64(\"/etc/shadow\")' | terraform console", "secret.read{/etc/shadow}"},
      {"tofu console <<< 'templatefile(\"~/.ssh/id_rsa\", {})'", "secret.read{~/.ssh/id_rsa}"},
      {"echo 'file(\"main.tf\")' | terraform console", ""},
      {"echo 'fileexists(\"/etc/shadow\")' | terraform console", ""},
      {"terraform plan -out=p && terraform apply p", ""},
      {"terraform plan -destroy -out=p", ""},
      {"terraform destroy", "infra.destroy{destroy}"},
      {"terraform destroy -auto-approve", "infra.destroy{destroy}"},
      {"terraform -chdir=x destroy -auto-approve", "infra.destroy{destroy}"},
      {"terraform apply", ""},
      {"terraform apply -auto-approve", "infra.apply-auto{apply}"},
      {"terraform apply --auto-approve", "infra.apply-auto{apply}"},
      {"terraform apply -var a=b -auto-approve", "infra.apply-auto{apply}"},
      {"terraform apply -destroy", "infra.destroy{apply}"},
      {"terraform plan -destroy", ""},
      {"terraform state rm x.y", "infra.state{x.y}"},
      {"terraform workspace delete x", "infra.state{x}"},
      {"tofu destroy", "infra.destroy{destroy}"},
      {"terragrunt run-all destroy", "infra.destroy{destroy}"},
      {"terragrunt run --all destroy", "infra.destroy{destroy}"},
      {"terragrunt run --all plan", ""},
      {"pulumi dn", "infra.destroy{dn}"},
      {"pulumi destroy -y", "infra.destroy{destroy}"},
      {"pulumi up --yes", "infra.apply-auto{up}"},
      {"pulumi preview", ""},
      {"cdk destroy --force", "infra.destroy{destroy}"},
      {"ansible all -m shell -a 'rm -rf /data'", "fs.delete{/data rf}"},
      {"ansible all -m ping", ""},
  });
}

TEST_CASE("clouds: verbs that destroy") {
  check_effects({
      {"aws s3 rm s3://b/k", "cloud.delete-object{s3://b/k}"},
      {"aws s3 rm s3://b --recursive", "cloud.delete-recursive{s3://b}"},
      {"aws s3 rb s3://b --force", "cloud.delete-recursive{s3://b}"},
      {"aws s3 rb s3://b", ""},
      {"aws kms schedule-key-deletion --key-id k", "cloud.delete{aws kms schedule-key-deletion}"},
      {"aws ses delete-receipt-rule --generate-cli-skeleton", ""},
      {"aws s3 rm s3://b --recursive --dryrun", ""},
      {"aws s3 sync . s3://b --delete", "cloud.sync-delete{s3://b}"},
      {"aws s3 sync . s3://b", ""},
      {"aws s3 ls", ""},
      {"aws --profile p ec2 terminate-instances --instance-ids i-1",
       "cloud.delete{aws ec2 terminate-instances}"},
      {"aws rds delete-db-instance --db-instance-identifier x", "cloud.delete{aws rds delete-db-instance}"},
      {"aws ec2 stop-instances --instance-ids i-1", "cloud.stop{stop-instances}"},
      {"aws ec2 describe-instances", ""},
      {"aws secretsmanager get-secret-value --secret-id x", "secret.print"},
      {"gcloud projects delete p", "cloud.delete{gcloud projects delete}"},
      {"gcloud compute instances delete i --zone z -q", "cloud.delete{gcloud compute instances}"},
      {"gcloud compute instances list", ""},
      {"gcloud auth print-access-token", "secret.print"},
      {"az group delete -n g -y", "cloud.delete{az group delete}"},
      {"az vm list", ""},
      {"heroku apps:destroy -a x", "cloud.delete{heroku apps:destroy }"},
      {"gsutil rm -r gs://b", "cloud.delete-recursive{gs://b}"},
      {"gsutil -m rm gs://b/k", "cloud.delete-object{gs://b/k}"},
      {"rclone purge r:b", "cloud.delete-recursive{r:b}"},
      {"rclone --dry-run sync a r:b", ""},
      {"rclone copy a r:b", ""},
  });
}
