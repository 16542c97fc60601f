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

scrape_configs:
  - job_name: docker
    docker_sd_configs:
      - host: tcp://socket-proxy:2375
        refresh_interval: 15s
    relabel_configs:
      - target_label: job
        replacement: docker
      - source_labels: [__meta_docker_container_name]
        regex: /(.+)
        target_label: container
      - source_labels: [__meta_docker_container_label_com_docker_compose_service]
        target_label: service

  - job_name: system
%{ if system_source == "journal" ~}
    journal:
      path: /var/log/journal
      max_age: 12h
      labels:
        job: system
    relabel_configs:
      - source_labels: [__journal__systemd_unit]
        target_label: unit
      - source_labels: [__journal_priority_keyword]
        target_label: level
%{ else ~}
    static_configs:
      - targets: [localhost]
        labels:
          job: system
          __path__: /var/log/{syslog,auth.log}
%{ endif ~}
%{ for config in scrape_configs ~}

  - ${jsonencode(config)}
%{ endfor ~}
