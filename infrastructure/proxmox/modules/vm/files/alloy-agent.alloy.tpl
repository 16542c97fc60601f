// Alloy: the containers of this machine and its system log, to Loki. Labels of every
// line: hostname and environment, job (docker, system), for containers container and
// service, and level (error, warn, info, debug) where the line says one. The other log
// agent gives the same, so that panels and rules serve both.
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

loki.process "level" {
  forward_to = [loki.write.loki.receiver]
%{ for expression in dropped_lines ~}

  stage.drop {
    expression = `${expression}`
  }
%{ endfor ~}
%{ for expression in levels.expressions ~}

  stage.regex {
    expression = `${expression}`
  }
%{ endfor ~}

  stage.template {
    source   = "level"
    template = `{{ $level := ToLower .Value }}%{ for name, words in levels.names }{{ if has $level (list${join("", [for word in words : " \"${word}\""])}) }}${name}{{ end }}%{ endfor }`
  }

  stage.labels {
    values = { level = "" }
  }
}

discovery.docker "containers" {
  host             = ${jsonencode(docker_host)}
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
    source_labels = ["__meta_docker_container_name"]
    regex         = "/(.+)"
    target_label  = "service"
  }

  rule {
    source_labels = ["__meta_docker_container_label_com_docker_compose_service"]
    regex         = "(.+)"
    target_label  = "service"
  }
}

loki.source.docker "containers" {
  host          = ${jsonencode(docker_host)}
  targets       = discovery.relabel.containers.output
  relabel_rules = discovery.relabel.containers.rules
  forward_to    = [loki.process.level.receiver]
}
%{ if length(log_files) > 0 ~}

local.file_match "system" {
  path_targets = [${join(", ", [for path in log_files : "{ __path__ = ${jsonencode(path)}, job = \"system\" }"])}]
}

loki.source.file "system" {
  targets    = local.file_match.system.targets
  forward_to = [loki.process.level.receiver]
}
%{ endif ~}
%{ if journal ~}

loki.relabel "journal" {
  forward_to = []

  rule {
    source_labels = ["__journal__systemd_unit"]
    target_label  = "unit"
  }
%{ for level, words in levels.priorities ~}

  rule {
    source_labels = ["__journal_priority_keyword"]
    regex         = "${join("|", words)}"
    target_label  = "level"
    replacement   = "${level}"
  }
%{ endfor ~}
}

loki.source.journal "journal" {
  path          = "/var/log/journal"
  max_age       = "12h0m0s"
  labels        = { job = "system" }
  relabel_rules = loki.relabel.journal.rules
  forward_to    = [loki.write.loki.receiver]
}
%{ endif ~}
