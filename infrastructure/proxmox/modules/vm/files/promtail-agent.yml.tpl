# Promtail on a guest: its containers and its system log, to Loki.
server:
  http_listen_port: 9080
  grpc_listen_port: 0
  log_level: warn

# On a volume: without it every restart ships everything again.
positions:
  filename: /positions/positions.yaml

clients:
  - url: ${jsonencode("${loki_url}/loki/api/v1/push")}
    external_labels:
      hostname: ${jsonencode(hostname)}
      environment: ${jsonencode(environment)}

${scrapes}
