# Prometheus. Rendered from modules/monitoring-stack/files/prometheus/prometheus.yml.tpl:
# change it there, the next delivery replaces this file.
global:
  scrape_interval: 15s
  evaluation_interval: 15s

storage:
  tsdb:
    retention:
      time: ${retention_days}d

rule_files:
  - alerts/*.yml

alerting:
  alertmanagers:
    - static_configs:
        - targets: ["alertmanager:9093"]

# Files below targets/ are read again when they change.
scrape_configs:
  - job_name: node
    file_sd_configs:
      - files: [targets/node.yml]

  # Asked in the name of each node; labels id, node and name come from the exporter.
  - job_name: pve
    metrics_path: /pve
    params:
      cluster: ["1"]
      node: ["1"]
    # One call of Proxmox' API for each guest with a line onboot.
    scrape_interval: 60s
    scrape_timeout: 30s
    file_sd_configs:
      - files: [targets/pve.yml]
    relabel_configs:
      - source_labels: [__address__]
        target_label: __param_target
      - target_label: __address__
        replacement: pve-exporter:9221

  # Services of guests; each target says its job and its path.
  - job_name: services
    file_sd_configs:
      - files: [targets/services.yml]
%{ for name, service in services ~}
%{ if service.job != null ~}

  - job_name: ${service.job}
%{ if name == "uptime-kuma" ~}
    basic_auth:
      password_file: /run/secrets/uptime-kuma-metrics-key
%{ endif ~}
    static_configs:
      - targets: ["${name == "prometheus" ? "localhost" : name}:${service.container_port}"]
        labels: { instance: ${name} }
%{ endif ~}
%{ endfor ~}
