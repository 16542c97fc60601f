# Traefik, static configuration: read at its start. Rendered from
# modules/monitoring-stack/files/traefik/traefik.yml.tpl: change it there, the next
# delivery replaces this file.
global:
  checkNewVersion: false
  sendAnonymousUsage: false

entryPoints:
  web:
    address: ":80"
%{ if tls ~}
    http:
      redirections:
        entryPoint: { to: ${https_port == 443 ? "websecure" : jsonencode(":${https_port}")}, scheme: https }
%{ endif ~}
  websecure:
    address: ":443"
%{ if tls ~}
    # With the certificate of dynamic/dynamic.yml.
    http: { tls: {} }
%{ endif ~}
  # The dashboard without a name, ping and metrics.
  dashboard:
    address: ":8080"

providers:
  # Routes of the stack and of the guests' services.
  file:
    directory: /etc/traefik/dynamic
    watch: true
  # Other containers of this machine, by their labels: traefik.enable=true, and the
  # network monitoring. Those of the stack have a route in the file, and none here.
  docker:
    endpoint: tcp://docker-proxy:2375
    network: monitoring
    exposedByDefault: false
    constraints: "!Label(`com.docker.compose.project`, `monitoring`)"
    defaultRule: "Host(`{{ normalize .Name }}.${domain}`)"

api:
  dashboard: true
  # A router leads to it, in dynamic/dynamic.yml.
  insecure: false

ping:
  entryPoint: dashboard

metrics:
  prometheus:
    entryPoint: dashboard

log:
  level: INFO
