// docker, podman, compose; kubectl, helm.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("what runs inside does not touch the host, unless the host is mounted") {
  check_effects({
      {"docker run --rm -it debian bash", "self.live-shell{e}"},
      {"docker run --rm debian rm -rf /", "fs.delete{/ rfe}"},
      {"docker run --rm -v /:/host debian rm -rf /host/etc", "container.escape{/:/host} fs.delete{/etc rf}"},
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

TEST_CASE("what lies below a mount is this machine's") {
  check_effects({
      {"docker run -v /home/u:/h alpine rm -rf /h", "fs.delete{~ rf}"},
      {"docker run -v /home/u:/h alpine rm -rf /h/*", "fs.delete{~/* rf}"},
      {"docker run -v /home/u/work:/w alpine rm -rf /w/app", "fs.delete{~/work/app rf}"},
      {"docker run --mount type=bind,source=/home/u,target=/h alpine rm -rf /h/Documents",
       "fs.delete{~/Documents rf}"},
      {"docker run --mount type=volume,source=data,target=/h alpine rm -rf /h", "fs.delete{/h rfe}"},
      {"docker run -v data:/h alpine rm -rf /h", "fs.delete{/h rfe}"},
      {"podman run -v /home/u:/h:Z alpine sh -c 'cd /h && rm -rf Documents'", "fs.delete{~/Documents rf}"},
      {"nerdctl run -v .:/w -w /w alpine rm -rf .git", "fs.delete{.git rf}"},
      {"docker run -v .:/w alpine rm -rf /w/src", "fs.delete{src rf}"},
      {"docker run -v .:/w alpine rm -rf src /w", "fs.delete{src rfe} fs.delete{. rf}"},
      {"docker run -v ~:/h alpine rm -rf /h", "fs.delete{~ rf}"},
      {"docker run -v /home/u:/h alpine rm -rf /", "fs.delete{~ rf}"},
      {"docker run -v /home/u:/mnt/h alpine rm -rf /mnt", "fs.delete{~ rf}"},
      {"docker run -v /home/u:/h alpine sh -c 'rm -rf /*'", "fs.delete{~ rf}"},
      {"docker run -v /home/u:/h alpine sh -c 'cd /h && rm -rf *'", "fs.delete{~/* rf}"},
      {"docker run -v /home/u:/h alpine find /h -delete", "fs.delete{~ rf}"},
      {"docker run -v /home/u:/h -w /h alpine rm -rf \"$X\"/", "fs.delete{~/$X/ rf?}"},
      {"docker compose run -v /home/u:/h web rm -rf /h", "fs.delete{~ rf}"},
      {"docker run -v /home/u:/h:ro alpine rm -rf /h", "fs.delete{/h rfe}"},
      {"docker run -v /home/u:/h alpine rm -rf /data", "fs.delete{/data rfe}"},
      {"docker run -v /home/u:/h -v /home/u/b:/h/o alpine rm -rf /h/o/x", "fs.delete{~/b/x rf}"},
      {"docker run -v .:/w alpine sh -c 'cp -r /w/src /var/lib/x && rm -rf /usr/share/doc'",
       "fs.overwrite{/var/lib/x e} fs.delete{/usr/share/doc rfe}"},
  });
}

TEST_CASE("what may only be read, devices, and other runtimes") {
  check_effects({
      {"docker run -v /home/u/.aws:/x:ro alpine cat /x/credentials", "secret.read{~/.aws/credentials e}"},
      {"docker run -v /etc:/e:ro alpine cat /e/shadow", "secret.read{/etc/shadow e}"},
      {"docker run -v .:/w:ro alpine cat /w/README.md", ""},
      {"docker run --device /dev/sda alpine dd if=/dev/zero of=/dev/sda", "disk.write{/dev/sda}"},
      {"docker run --device=/dev/sda:/dev/xvda alpine dd if=/dev/zero of=/dev/xvda", "disk.write{/dev/sda}"},
      {"docker run alpine dd if=/dev/zero of=/dev/sda", "disk.write{/dev/sda e}"},
      {"finch run -v /home/u:/h alpine rm -rf /h", "fs.delete{~ rf}"},
      {"crictl exec c rm -rf /x", "fs.delete{/x rfe}"},
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
      {"k3s kubectl delete ns prod", "k8s.delete-namespace{prod}"},
      {"minikube kubectl -- delete ns prod", "k8s.delete-namespace{prod}"},
      {"minikube kubectl -- get pods", ""},
      {"microk8s helm3 uninstall web", "helm.uninstall{web}"},
      {"oc delete project prod", "k8s.delete-namespace{prod}"},
      {"helm un r", "helm.uninstall{r}"},
      {"helm uninstall r -n x", "helm.uninstall{r}"},
      {"helm uninstall r --dry-run", ""},
      {"helm upgrade r c", ""},
  });
}
