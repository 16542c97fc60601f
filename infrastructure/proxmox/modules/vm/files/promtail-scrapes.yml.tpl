# Labels of every line: hostname and environment (above), job (docker, system), for
# containers container and service, and level (error, warn, info, debug) where the line
# says one.
scrape_configs:
  - job_name: docker
    docker_sd_configs:
      - host: ${docker_host}
        refresh_interval: 15s
    relabel_configs:
      - target_label: job
        replacement: docker
      - source_labels: [__meta_docker_container_name]
        regex: /(.+)
        target_label: container
      - source_labels: [__meta_docker_container_name]
        regex: /(.+)
        target_label: service
      - source_labels: [__meta_docker_container_label_com_docker_compose_service]
        regex: (.+)
        target_label: service
    pipeline_stages: &stages
%{ for expression in dropped_lines ~}
      - drop:
          expression: '${replace(expression, "'", "''")}'
%{ endfor ~}
%{ for expression in levels.expressions ~}
      - regex:
          expression: '${replace(expression, "'", "''")}'
%{ endfor ~}
      - template:
          source: level
          template: '{{ $level := ToLower .Value }}%{ for name, words in levels.names }{{ if has $level (list${join("", [for word in words : " \"${word}\""])}) }}${name}{{ end }}%{ endfor }'
      - labels:
          level:
%{ if length(log_files) > 0 ~}

  - job_name: system
    # One for each: Promtail finds no absolute paths inside of braces.
    static_configs:
%{ for path in log_files ~}
      - targets: [localhost]
        labels: { job: system, __path__: ${jsonencode(path)} }
%{ endfor ~}
    pipeline_stages: *stages
%{ endif ~}
%{ if journal ~}

  - job_name: journal
    journal:
      path: /var/log/journal
      max_age: 12h
      labels:
        job: system
    relabel_configs:
      - source_labels: [__journal__systemd_unit]
        target_label: unit
%{ for level, words in levels.priorities ~}
      - source_labels: [__journal_priority_keyword]
        regex: ${join("|", words)}
        target_label: level
        replacement: ${level}
%{ endfor ~}
%{ endif ~}
%{ for config in scrape_configs ~}

  - ${jsonencode(config)}
%{ endfor ~}
