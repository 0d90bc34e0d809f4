// docker, podman, compose; kubectl, helm.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("what runs inside does not touch the host, unless the host is mounted") {
  check_effects({
      {"docker run --rm -it debian bash", ""},
      {"docker run --rm debian rm -rf /", "fs.delete{/ rfe}"},
      {"docker run --rm -v /:/host debian rm -rf /host/etc",
       "container.escape{/:/host} fs.delete{/host/etc rf}"},
      {"docker run --mount type=bind,source=/,target=/host debian ls",
       "container.escape{type=bind,source=/,target=/host}"},
      {"docker run -v /var/run/docker.sock:/var/run/docker.sock x",
       "container.escape{/var/run/docker.sock:/var/run/docker.sock}"},
      {"docker run --privileged debian", "container.privileged"},
      {"docker run --cap-add=SYS_ADMIN debian", "container.privileged{SYS_ADMIN}"},
      {"docker exec -it c rm -rf /data", "fs.delete{/data rfe}"},
      {"docker exec -u root c sh -c 'rm -rf /x'", "fs.delete{/x rfe}"},
      {"docker container exec c rm f", "fs.delete{f e}"},
      {"docker compose exec web rm f", "fs.delete{f e}"},
      {"docker -H tcp://h:1 run x rm f", "fs.delete{f e}"},
      {"docker run --entrypoint rm x -rf /d", "fs.delete{/d rfe}"},
  });
}

TEST_CASE("what docker throws away") {
  check_effects({
      {"docker system prune", "container.prune{prune}"},
      {"docker system prune -af", "container.prune-all{prune}"},
      {"docker system prune -a --volumes", "container.prune-volumes{prune}"},
      {"docker volume rm v", "container.volume{v}"},
      {"docker volume prune -f", "container.volume{prune}"},
      {"docker compose down", ""},
      {"docker compose down -v", "container.volume{down}"},
      {"docker-compose down --volumes", "container.volume{down}"},
      {"docker compose -f x.yml down -v", "container.volume{down}"},
      {"docker rm -f c", "container.remove{c}"},
      {"docker rm -vf c", "container.remove-volumes{c}"},
      {"docker rm c", ""},
      {"docker ps -a", ""},
      {"docker builder prune", "container.cache{prune}"},
  });
}

TEST_CASE("kubectl and helm") {
  check_effects({
      {"kubectl delete ns prod", "k8s.delete-namespace{prod}"},
      {"kubectl delete -n prod pod x", "k8s.delete-pod{x}"},
      {"kubectl -n prod delete deploy x", "k8s.delete{x}"},
      {"kubectl delete pods --all", "k8s.delete-all{pods}"},
      {"kubectl delete pod x --dry-run=client", ""},
      {"kubectl delete -f x.yml", "k8s.delete{delete}"},
      {"kubectl scale deploy x --replicas=0", "k8s.scale-zero{deploy x}"},
      {"kubectl scale --replicas 0 deploy/x", "k8s.scale-zero{deploy/x }"},
      {"kubectl drain n1 --ignore-daemonsets", "k8s.drain{n1}"},
      {"kubectl get pods -A", ""},
      {"kubectl get secret s -o yaml", "secret.read"},
      {"kubectl exec -it p -- rm -rf /data", "fs.delete{/data rfe}"},
      {"kubectl exec p -n x -- sh -c 'rm f'", "fs.delete{f e}"},
      {"helm uninstall r -n x", "helm.uninstall{r}"},
      {"helm uninstall r --dry-run", ""},
      {"helm upgrade r c", ""},
  });
}
