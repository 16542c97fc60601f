# The log agent of a guest. It reads Docker through a proxy that lets only
# questions pass: a socket mounted read-only still takes every command.
name: log-agent

services:
  docker-proxy:
    image: ${docker_proxy_image}
    restart: unless-stopped
    # Owner of the socket; without capabilities it is root over nothing else.
    user: "0:0"
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    volumes:
      - ./docker-proxy:/usr/local/etc/haproxy:ro
      - /var/run/docker.sock:/var/run/docker.sock:ro
    networks: [docker-api]

  ${log_agent}:
    image: ${log_agent_image}
    restart: unless-stopped
    depends_on: [docker-proxy]
    # root: the journal is readable to root and the group systemd-journal, whose
    # number differs between distributions.
    user: "0"
%{ if log_agent == "promtail" ~}
    command: ["-config.file=/etc/log-agent/promtail-agent.yml"]
%{ else ~}
    command: ["run", "--server.http.listen-addr=0.0.0.0:9080", "--storage.path=/positions", "--disable-reporting", "/etc/log-agent/alloy-agent.alloy"]
%{ endif ~}
    ports: ["9080:9080"]
    volumes:
      - ./config:/etc/log-agent:ro
      - positions:/positions
      - /etc/machine-id:/etc/machine-id:ro
      - /run/log/journal:/run/log/journal:ro
      - /var/log:/var/log:ro
    networks: [default, docker-api]

networks:
  docker-api:
    internal: true

volumes:
  positions:
