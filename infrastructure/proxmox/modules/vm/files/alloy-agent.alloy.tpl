// Alloy on a guest: its containers and its system log, to Loki. The labels are
// those of Promtail's configuration, so that panels and rules serve both.
logging {
  level = "warn"
}

loki.write "loki" {
  endpoint {
    url = ${jsonencode("${loki_url}/loki/api/v1/push")}
  }
  external_labels = {
    hostname    = ${jsonencode(hostname)},
    environment = ${jsonencode(environment)},
  }
}

discovery.docker "containers" {
  host             = "tcp://socket-proxy:2375"
  refresh_interval = "15s"
}

discovery.relabel "containers" {
  targets = discovery.docker.containers.targets

  rule {
    target_label = "job"
    replacement  = "docker"
  }

  rule {
    source_labels = ["__meta_docker_container_name"]
    regex         = "/(.+)"
    target_label  = "container"
  }

  rule {
    source_labels = ["__meta_docker_container_label_com_docker_compose_service"]
    target_label  = "service"
  }
}

loki.source.docker "containers" {
  host          = "tcp://socket-proxy:2375"
  targets       = discovery.relabel.containers.output
  relabel_rules = discovery.relabel.containers.rules
  forward_to    = [loki.write.loki.receiver]
}
%{ if system_source == "journal" ~}

loki.relabel "journal" {
  forward_to = []

  rule {
    source_labels = ["__journal__systemd_unit"]
    target_label  = "unit"
  }

  rule {
    source_labels = ["__journal_priority_keyword"]
    target_label  = "level"
  }
}

loki.source.journal "system" {
  path          = "/var/log/journal"
  max_age       = "12h0m0s"
  labels        = { job = "system" }
  relabel_rules = loki.relabel.journal.rules
  forward_to    = [loki.write.loki.receiver]
}
%{ else ~}

local.file_match "system" {
  path_targets = [{ __path__ = "/var/log/{syslog,auth.log}", job = "system" }]
}

loki.source.file "system" {
  targets    = local.file_match.system.targets
  forward_to = [loki.write.loki.receiver]
}
%{ endif ~}
