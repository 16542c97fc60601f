# What is to be inside the guest is a manifest: packages, files, units. Cloud-init
# delivers it at the first boot, and only then. No secret is in it, because a snippet
# is readable on the storage and in the guest.

locals {
  log_agent_folder = "/opt/log-agent"

  log_agent_values = {
    hostname       = var.name
    environment    = var.environment
    loki_url       = var.loki_url
    docker_host    = "tcp://docker-proxy:2375"
    journal        = var.log_system_source == "journal"
    log_files      = var.log_system_source == "files" ? ["/var/log/syslog", "/var/log/auth.log"] : []
    levels         = yamldecode(file("${path.module}/files/log-levels.yml"))
    dropped_lines  = []
    scrape_configs = var.promtail_scrape_configs
  }

  log_agent_config = {
    promtail = {
      name    = "promtail-agent.yml"
      content = templatefile("${path.module}/files/promtail-agent.yml.tpl", merge(local.log_agent_values, { scrapes = templatefile("${path.module}/files/promtail-scrapes.yml.tpl", local.log_agent_values) }))
    }
    alloy = {
      name    = "alloy-agent.alloy"
      content = templatefile("${path.module}/files/alloy-agent.alloy.tpl", local.log_agent_values)
    }
  }[var.log_agent]

  # Starts the agent; after a change of its files it is re-created.
  promtail_runcmd = var.install_promtail ? ["docker compose --project-directory ${local.log_agent_folder} up --detach --force-recreate"] : []

  packages = distinct(concat(
    var.packages,
    var.agent_enabled ? ["qemu-guest-agent"] : [],
    var.docker ? ["ca-certificates", "curl"] : [],
    var.node_exporter ? ["prometheus-node-exporter"] : [],
    var.auto_security_updates ? ["unattended-upgrades"] : [],
  ))

  files = merge(
    var.files,
    var.docker ? {
      "/etc/docker/daemon.json"                 = { content = file("${path.module}/files/docker-daemon.json"), mode = "0644", reload = null }
      "/usr/local/sbin/pve-home-install-docker" = { content = file("${path.module}/files/install-docker.sh"), mode = "0755", reload = "/usr/local/sbin/pve-home-install-docker" }
    } : {},
    var.node_exporter ? {
      "/etc/systemd/system/prometheus-node-exporter.service.d/pve-home.conf" = { content = file("${path.module}/files/node-exporter.conf"), mode = "0644", reload = "systemctl daemon-reload && systemctl restart prometheus-node-exporter" }
    } : {},
    var.auto_security_updates ? {
      "/etc/apt/apt.conf.d/52pve-home" = { content = file("${path.module}/files/unattended-upgrades.conf"), mode = "0644", reload = null }
    } : {},
    var.install_promtail ? {
      "${local.log_agent_folder}/compose.yml" = {
        content = templatefile("${path.module}/files/log-agent-compose.yml.tpl", {
          log_agent          = var.log_agent
          log_agent_image    = { promtail = var.promtail_image, alloy = var.alloy_image }[var.log_agent]
          docker_proxy_image = var.docker_proxy_image
        })
        mode   = "0644"
        reload = local.promtail_runcmd[0]
      }
      "${local.log_agent_folder}/docker-proxy/haproxy.cfg"              = { content = file("${path.module}/files/docker-proxy.cfg"), mode = "0644", reload = local.promtail_runcmd[0] }
      "${local.log_agent_folder}/config/${local.log_agent_config.name}" = { content = local.log_agent_config.content, mode = "0644", reload = local.promtail_runcmd[0] }
    } : {},
  )

  manifest = {
    packages    = local.packages
    directories = var.directories
    files       = local.files
    units = concat(
      var.agent_enabled ? ["qemu-guest-agent.service"] : [],
      var.docker ? ["docker.service"] : [],
      var.node_exporter ? ["prometheus-node-exporter.service"] : [],
    )
  }

  user_data = {
    hostname         = var.name
    manage_etc_hosts = true

    # Instead of the image's own user (debian, ubuntu, …), with what cloud-init gives
    # that one on both: sudo without a password, the logs (adm), and no password. The rule
    # is no list: cloud-init's schema (22.4, Debian 12) warns of one.
    users = [{
      name                = var.ssh_user
      groups              = ["adm", "sudo"]
      sudo                = "ALL=(ALL) NOPASSWD:ALL"
      shell               = "/bin/bash"
      lock_passwd         = true
      ssh_authorized_keys = local.ssh_keys
    }]

    # The instance-id is pinned, so without this a changed address would never
    # reach a guest that has booted once.
    updates = { network = { when = ["boot-new-instance", "boot"] } }

    package_update = true
    packages       = local.packages
    write_files    = [for path, file in local.files : { path = path, content = file.content, permissions = file.mode, owner = "root:root" }]
    runcmd = concat(
      [for path, directory in var.directories : "install -d -m ${directory.mode} -o ${split(":", directory.owner)[0]} -g ${split(":", directory.owner)[1]} ${path}"],
      var.docker ? ["/usr/local/sbin/pve-home-install-docker", "usermod -aG docker ${var.ssh_user}"] : [],
      [for unit in local.manifest.units : "systemctl start ${unit}"],
      local.promtail_runcmd,
    )
  }

  # Asked for, and installed by nothing.
  undelivered = var.snippets ? [] : concat(
    length(var.packages) > 0 ? ["packages"] : [],
    var.auto_security_updates ? ["auto_security_updates"] : [],
    var.node_exporter ? ["node_exporter"] : [],
    var.docker ? ["docker"] : [],
    var.install_promtail ? ["install_promtail"] : [],
    length(var.files) + length(var.directories) > 0 ? ["files"] : [],
  )

  user_data_text = "#cloud-config\n${yamlencode(merge(local.user_data, var.dns_domain == null ? {} : { fqdn = "${var.name}.${var.dns_domain}" }))}"
  meta_data_text = yamlencode({ "instance-id" = "pve-home-${var.environment}-${var.name}", "local-hostname" = var.name })
  # In bytes, of which three are four characters of base64.
  snippets_size = floor((length(base64encode(local.user_data_text)) + length(base64encode(local.meta_data_text))) * 3 / 4)

  user_data_name = "${var.environment}-${var.name}-user-data.yaml"
  meta_data_name = "${var.environment}-${var.name}-meta-data.yaml"
}

resource "proxmox_virtual_environment_file" "cloud_config" {
  count = var.snippets ? 1 : 0

  content_type = "snippets"
  datastore_id = var.snippet_datastore_id
  node_name    = var.node_name

  source_raw {
    file_name = local.user_data_name
    data      = local.user_data_text
  }

  lifecycle {
    # Of all files of its cloud-init drive together (PVE::QemuServer::Cloudinit), where
    # Proxmox adds the network's, of a few hundred bytes. A larger one does not start.
    precondition {
      condition     = local.snippets_size <= 3 * 1024 * 1024 - 16 * 1024
      error_message = "${var.name}: what cloud-init is to write is ${local.snippets_size} bytes, and Proxmox takes 3 MiB: give it fewer or smaller files, for example files = {}."
    }
  }
}

# Proxmox derives the instance-id from the user data: an edited snippet would make
# the next cold boot a new instance, with new host keys. So it is pinned.
resource "proxmox_virtual_environment_file" "meta_data" {
  count = var.snippets ? 1 : 0

  content_type = "snippets"
  datastore_id = var.snippet_datastore_id
  node_name    = var.node_name

  source_raw {
    file_name = local.meta_data_name
    data      = local.meta_data_text
  }
}
