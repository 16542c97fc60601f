# The monitoring stack. Rendered from modules/monitoring-stack: change it
# there (files/docker-compose.yml.tpl, config/services.tf), the next delivery replaces
# this file. Paths are relative to the folder of this file.
name: monitoring

x-service: &service
  restart: unless-stopped
  networks: [monitoring]
  # No root, and nothing that makes it one: what a service reads and writes belongs to
  # the user below.
  user: "${container_user}"
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  logging:
    driver: json-file
    options: { max-size: 10m, max-file: "3" }

services:
  prometheus:
    <<: *service
    image: ${services.prometheus.image}
    command:
      - --config.file=/etc/prometheus/prometheus.yml
      - --storage.tsdb.path=/prometheus
      - --web.external-url=${services.prometheus.url}
    ports: ${jsonencode(port_lines.prometheus)}
    volumes:
      - ./prometheus:/etc/prometheus:ro
      - ./data/prometheus:/prometheus
%{ if uptime_kuma_metrics ~}
    secrets: [uptime-kuma-metrics-key]
%{ endif ~}
    # The machine itself, where node-exporter runs.
    extra_hosts: ["host.docker.internal:host-gateway"]
    mem_limit: ${services.prometheus.memory}
    healthcheck:
      test: ["CMD", "promtool", "check", "ready", "--url=http://127.0.0.1:9090"]
      interval: 10s
      timeout: 5s
      retries: 6
      start_period: 60s
%{ if services.prometheus.routed ~}
    labels: { traefik.enable: "true", traefik.http.services.prometheus.loadbalancer.server.port: "9090" }
%{ endif ~}

  alertmanager:
    <<: *service
    image: ${services.alertmanager.image}
    command:
      - --config.file=/etc/alertmanager/alertmanager.yml
      - --storage.path=/alertmanager
      - --web.external-url=${services.alertmanager.url}
      # Alone, without a cluster.
      - --cluster.listen-address=
    ports: ${jsonencode(port_lines.alertmanager)}
    volumes:
      - ./alertmanager:/etc/alertmanager:ro
      - ./data/alertmanager:/alertmanager
%{ if telegram != null ~}
    secrets: [telegram-bot-token]
    extra_hosts: ["host.docker.internal:host-gateway"]
%{ endif ~}
    mem_limit: ${services.alertmanager.memory}
    healthcheck:
      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9093/-/ready"]
      interval: 10s
      timeout: 5s
      retries: 6
%{ if services.alertmanager.routed ~}
    labels: { traefik.enable: "true", traefik.http.services.alertmanager.loadbalancer.server.port: "9093" }
%{ endif ~}

  grafana:
    <<: *service
    image: ${services.grafana.image}
    environment:
      GF_SECURITY_ADMIN_USER: admin
      GF_SECURITY_ADMIN_PASSWORD__FILE: /run/secrets/grafana-admin-password
      GF_SERVER_ROOT_URL: ${services.grafana.url}
      GF_ANALYTICS_REPORTING_ENABLED: "false"
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false"
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false"
      # Else it downloads apps at each start.
      GF_PLUGINS_PREINSTALL_DISABLED: "true"
    ports: ${jsonencode(port_lines.grafana)}
    volumes:
      - ./grafana/provisioning:/etc/grafana/provisioning:ro
      - ./grafana/dashboards:/etc/grafana/dashboards:ro
      - ./data/grafana:/var/lib/grafana
    secrets: [grafana-admin-password]
    mem_limit: ${services.grafana.memory}
    healthcheck:
      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health"]
      interval: 10s
      timeout: 5s
      retries: 6
      start_period: 60s
%{ if services.grafana.routed ~}
    labels: { traefik.enable: "true", traefik.http.services.grafana.loadbalancer.server.port: "3000" }
%{ endif ~}

  pve-exporter:
    <<: *service
    image: ${services["pve-exporter"].image}
    command: ["--config.file=/run/secrets/pve-exporter.yml"]
%{ if pve_ca ~}
    environment:
      REQUESTS_CA_BUNDLE: /run/secrets/pve-ca.pem
    secrets: [pve-exporter.yml, pve-ca.pem]
%{ else ~}
    secrets: [pve-exporter.yml]
%{ endif ~}
    ports: ${jsonencode(port_lines["pve-exporter"])}
    extra_hosts: ["host.docker.internal:host-gateway"]
    mem_limit: ${services["pve-exporter"].memory}
    healthcheck:
      test: ["CMD", "python3", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:9221/metrics', timeout=4)"]
      interval: 30s
      timeout: 5s
      retries: 3
      start_period: 30s
%{ if services["pve-exporter"].routed ~}
    labels: { traefik.enable: "true", traefik.http.services.pve-exporter.loadbalancer.server.port: "9221" }
%{ endif ~}
%{ if services["node-exporter"].container ~}

  node-exporter:
    <<: *service
    image: ${services["node-exporter"].image}
    # Metrics of the machine, through its processes and files. The network is the
    # container's own, so its collectors are off.
    pid: host
    command:
      - --path.procfs=/host/proc
      - --path.sysfs=/host/sys
      - --path.rootfs=/host/root
      - --collector.textfile.directory=/textfile
      - --no-collector.arp
      - --no-collector.conntrack
      - --no-collector.netclass
      - --no-collector.netdev
      - --no-collector.netstat
      - --no-collector.sockstat
      - --no-collector.softnet
      - --no-collector.udp_queues
    ports: ${jsonencode(port_lines["node-exporter"])}
    volumes:
      - /proc:/host/proc:ro
      - /sys:/host/sys:ro
      - /:/host/root:ro
      - ${jsonencode("${textfile_directory}:/textfile:ro")}
    mem_limit: ${services["node-exporter"].memory}
    healthcheck:
      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9100/"]
      interval: 30s
      timeout: 5s
      retries: 3
%{ endif ~}
%{ if can(services["docker-proxy"]) ~}

  # The only one that has Docker's socket, which is as good as root on the machine. It
  # lets reading through.
  docker-proxy:
    <<: *service
    image: ${services["docker-proxy"].image}
    # Owner of the socket; without capabilities it is root over nothing else.
    user: "0:0"
    networks: [docker-api]
    volumes:
      - ./docker-proxy:/usr/local/etc/haproxy:ro
      - ${jsonencode("${docker_socket}:/var/run/docker.sock:ro")}
    mem_limit: ${services["docker-proxy"].memory}
    healthcheck:
      test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/2375 && printf 'GET /_ping HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"]
      interval: 10s
      timeout: 5s
      retries: 6
%{ endif ~}
%{ if can(services.traefik) ~}

  traefik:
    <<: *service
    image: ${services.traefik.image}
    networks: [monitoring, docker-api]
    depends_on: [docker-proxy]
    ports: ${jsonencode(port_lines.traefik)}
    volumes:
      - ./traefik:/etc/traefik:ro
    # Services of the machine itself, and guests' routes to it.
    extra_hosts: ["host.docker.internal:host-gateway"]
    mem_limit: ${services.traefik.memory}
    healthcheck:
      test: ["CMD", "traefik", "healthcheck"]
      interval: 10s
      timeout: 5s
      retries: 6
    labels: { traefik.enable: "true", traefik.http.services.traefik.loadbalancer.server.port: "8080" }
%{ endif ~}
%{ if can(services.loki) ~}

  loki:
    <<: *service
    image: ${services.loki.image}
    command: ["-config.file=/etc/loki/loki-config.yml"]
    ports: ${jsonencode(port_lines.loki)}
    volumes:
      - ./loki:/etc/loki:ro
      - ./data/loki:/loki
    mem_limit: ${services.loki.memory}
    healthcheck:
      # The image has no shell and no wget. Ready after 15 seconds.
      test: ["CMD", "/usr/bin/loki", "-health"]
      interval: 10s
      timeout: 5s
      retries: 6
      start_period: 60s
%{ if services.loki.routed ~}
    labels: { traefik.enable: "true", traefik.http.services.loki.loadbalancer.server.port: "3100" }
%{ endif ~}

  ${log_agent}:
    <<: *service
    image: ${services[log_agent].image}
%{ if log_agent == "promtail" ~}
    command: ["-config.file=/etc/promtail/promtail-config.yml"]
%{ else ~}
    command: ["run", "--server.http.listen-addr=0.0.0.0:9080", "--storage.path=/positions", "--disable-reporting", "/etc/alloy/config.alloy"]
%{ endif ~}
    networks: [monitoring, docker-api]
    depends_on: [docker-proxy]
    # adm, which may read /var/log and the journal: number 4 on Debian, Ubuntu and Fedora.
    group_add: ["4"]
    ports: ${jsonencode(port_lines[log_agent])}
    volumes:
      - ./${log_agent}:/etc/${log_agent}:ro
      - ./data/${log_agent}:/positions
      - /etc/machine-id:/etc/machine-id:ro
      - /var/log:/var/log:ro
    mem_limit: ${services[log_agent].memory}
    healthcheck:
      test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9080 && printf 'GET ${services[log_agent].health_path} HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"]
      interval: 10s
      timeout: 5s
      retries: 6
      start_period: 30s
%{ if services[log_agent].routed ~}
    labels: { traefik.enable: "true", traefik.http.services.${log_agent}.loadbalancer.server.port: "9080" }
%{ endif ~}
%{ endif ~}
%{ if can(services["uptime-kuma"]) ~}

  uptime-kuma:
    <<: *service
    image: ${services["uptime-kuma"].image}
    # ping needs it.
    cap_add: [NET_RAW]
    environment:
      # Without it the first page asks which database to use, and nothing can be set up before.
      UPTIME_KUMA_DB_TYPE: sqlite
    ports: ${jsonencode(port_lines["uptime-kuma"])}
    volumes:
      - ./uptime-kuma:/app/data
    extra_hosts: ["host.docker.internal:host-gateway"]
    mem_limit: ${services["uptime-kuma"].memory}
    # The command is its image's own, which waits a minute before the first one.
    healthcheck:
      interval: 10s
%{ if services["uptime-kuma"].routed ~}
    labels: { traefik.enable: "true", traefik.http.services.uptime-kuma.loadbalancer.server.port: "3001" }
%{ endif ~}
%{ endif ~}

networks:
  monitoring:
    name: monitoring
%{ if can(services["docker-proxy"]) ~}
  docker-api:
    name: monitoring-docker-api
    internal: true
%{ endif ~}

secrets:
%{ for name, secret in secrets ~}
  ${name}: { file: ./${secret.path} }
%{ endfor ~}
