# Promtail of the monitoring machine. Rendered from
# modules/monitoring-stack/files/promtail/promtail-config.yml.tpl: change it there, the
# next delivery replaces this file.
server:
  http_listen_port: 9080
  grpc_listen_port: 0
  log_level: warn

# On the disk: without it every restart ships everything again.
positions:
  filename: /positions/positions.yaml

clients:
  - url: ${jsonencode("${loki_url}/loki/api/v1/push")}
    external_labels:
      hostname: ${jsonencode(hostname)}
      environment: ${jsonencode(environment)}

${scrapes}
