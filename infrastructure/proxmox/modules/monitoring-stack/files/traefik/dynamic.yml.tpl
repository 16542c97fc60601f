# Traefik's routes: one router for each host name. Rendered from
# modules/monitoring-stack/files/traefik/dynamic.yml.tpl and the inventories of all
# environments; the next delivery replaces this file. Traefik sees changes by itself.
http:
  routers:
%{ for name, service in routed ~}
    ${name}:
%{ if name == "pve-exporter" ~}
      # Its own metrics alone: asked at /pve, it calls the host that the question names, with the token.
      rule: "Host(`${service.host_name}`) && Path(`${service.health_path}`)"
%{ else ~}
      rule: "Host(`${service.host_name}`)"
%{ endif ~}
      entryPoints: [${tls ? "websecure" : "web"}]
      service: ${name == "traefik" ? "api@internal" : name}
%{ endfor ~}
%{ for route in guest_routes ~}
    ${jsonencode(route.name)}:
      rule: "Host(`${route.host}.${domain}`)"
      entryPoints: [${tls ? "websecure" : "web"}]
      service: ${jsonencode(route.name)}
%{ endfor ~}
    # On port 8080, for those who have no names yet.
    dashboard:
      rule: "PathPrefix(`/`)"
      entryPoints: [dashboard]
      service: api@internal

  services:
%{ for name, service in routed ~}
%{ if name != "traefik" ~}
    ${name}:
      loadBalancer:
        servers: [{ url: "http://${name}:${service.container_port}" }]
        # What the alert TraefikBackendDown is about.
        healthCheck: { path: ${service.health_path}, interval: 10s, timeout: 5s }
%{ endif ~}
%{ endfor ~}
%{ for route in guest_routes ~}
    ${jsonencode(route.name)}:
      loadBalancer: { servers: [{ url: ${jsonencode(route.url)} }] }
%{ endfor ~}
%{ if tls ~}

tls:
  stores:
    default:
      defaultCertificate:
        certFile: /etc/traefik/certs/stack.crt
        keyFile: /etc/traefik/certs/stack.key
%{ endif ~}
