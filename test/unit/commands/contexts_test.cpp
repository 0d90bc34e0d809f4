// Which cluster, engine or workspace an order goes to.
#include "libcore/commands/contexts.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "test/unit/commands/disk.hpp"

using namespace cmdai;
using namespace cmdai::test;

namespace {

using Files = std::map<std::string, std::string>;

struct ContextCase {
  std::string_view command;
  std::string_view context;  ///< reach and name of the last effect
};

void check_contexts(const Files& files, const std::vector<ContextCase>& cases,
                    const std::map<std::string, std::string, std::less<>>& variables = {}) {
  for (const ContextCase& c : cases) {
    CAPTURE(c.command);
    Disk disk(files);
    resolve::Session session;
    session.dialect = *dialect_from_name("bash");
    session.cwd = kCwd;
    session.home = "/home/u";
    session.variables = variables;
    const auto effects = commands::analyze(c.command, session, &disk).effects;
    REQUIRE(!effects.empty());
    const effects::Facts& facts = effects.back().facts;
    std::string context(to_string(facts.reach));
    if (!facts.context.empty()) context += ' ' + facts.context;
    if (facts.open) context += '?';
    CHECK(context == c.context);
  }
}

}  // namespace

TEST_CASE("names of what others live on") {
  for (std::string_view name : {"prod", "production", "eu-prod-1", "arn:aws:eks:eu-1:1:cluster/prod",
                                "shop_live", "PROD2", "gke_x_prod"})
    CHECK(commands::names_production(name));
  for (std::string_view name :
       {"", "dev", "product", "preprod", "pre-prod", "non-prod", "reproduce", "delivery"})
    CHECK_FALSE(commands::names_production(name));
}

TEST_CASE("the cluster an order goes to") {
  const Files files{{"/home/u/.kube/config", "apiVersion: v1\ncurrent-context: \"eu-prod\"\nkind: Config\n"},
                    {"/home/u/kind.yaml", "current-context: kind-dev # mine\n"},
                    {"/home/u/none.yaml", "contexts: []\n"}};
  check_contexts(files, {
                            {"kubectl delete pod x", "production eu-prod?"},
                            {"kubectl --context kind-dev delete pod x", "local kind-dev"},
                            {"kubectl delete pod x --context=staging", "remote staging"},
                            {"kubectl --kubeconfig ~/kind.yaml delete pod x", "local kind-dev"},
                            {"KUBECONFIG=~/kind.yaml kubectl delete pod x", "local kind-dev"},
                            {"kubectl --context \"$C\" delete pod x", "unknown"},
                            {"helm uninstall web", "production eu-prod?"},
                            {"helm uninstall web --kube-context minikube", "local minikube"},
                            {"kubectl config use-context kind-dev && kubectl delete pod x", "local kind-dev"},
                            {"kubectx staging && kubectl delete pod x", "remote staging"},
                            {"kubectl get pods; kubectl delete pod x", "production eu-prod?"},
                            {"aws eks update-kubeconfig --name x && kubectl delete pod x", "unknown"},
                        });
  check_contexts(files, {{"kubectl delete pod x", "production eu-prod"}}, {{"KUBECONFIG", ""}});
  check_contexts(files, {{"kubectl delete pod x", "local kind-dev"}},
                 {{"KUBECONFIG", "/home/u/none.yaml:/home/u/kind.yaml"}});
  check_contexts({{"/home/u/.kube/config", "current-context: minikube"}},
                 {{"kubectl delete pod x", "unknown minikube?"}});
  check_contexts({}, {{"kubectl delete pod x", "unknown?"}});
  check_contexts({}, {{"kubectl delete pod x", "unknown"}}, {{"KUBECONFIG", ""}});
}

TEST_CASE("the engine an order goes to") {
  const Files files{{"/home/u/.docker/config.json", R"({"auths": {}, "currentContext": "shop"})"},
                    {"/home/u/.docker/contexts/meta/ab/meta.json",
                     R"({"Name": "other", "Endpoints": {"docker": {"Host": "ssh://x"}}})"},
                    {"/home/u/.docker/contexts/meta/cd/meta.json",
                     R"({"Name": "shop", "Endpoints": {"docker": {"Host": "ssh://u@shop"}}})"}};
  check_contexts(files,
                 {
                     {"docker volume rm x", "remote shop (ssh://u@shop)?"},
                     {"docker --context default volume rm x", "unknown"},
                     {"docker -H unix:///var/run/docker.sock volume rm x", "unknown"},
                     {"docker -H ssh://root@prod-1 volume rm x", "production ssh://root@prod-1"},
                     {"DOCKER_HOST=tcp://10.0.0.5:2375 docker rm -f web", "remote tcp://10.0.0.5:2375"},
                     {"docker context use default; docker volume rm x", "unknown"},
                 });
  check_contexts({}, {{"docker volume rm x", "unknown"}});
  check_contexts({{"/home/u/.docker/config.json", "{\"currentContext\": 3"}},
                 {{"docker volume rm x", "unknown"}});
}

TEST_CASE("the workspace an order goes to") {
  const Files files{{std::string(kCwd) + "/.terraform/environment", "prod\n"}};
  check_contexts(files, {
                            {"terraform destroy", "production prod"},
                            {"terraform apply -auto-approve", "production prod"},
                            {"TF_WORKSPACE=dev terraform destroy", "unknown dev"},
                            {"terraform workspace select dev && terraform destroy", "unknown dev"},
                            {"cd sub && terraform destroy", "unknown"},
                        });
}
