module "container" {
  source = "../lxc"

  name             = var.name
  description      = var.description
  tags             = var.tags
  node_name        = var.node_name
  vm_id            = var.container_id
  template_file_id = var.template_file_id
  os_type          = var.os_type

  cpu_cores    = var.cpu_cores
  memory_mb    = var.memory_mb
  datastore_id = var.datastore_id
  disk_size_gb = var.disk_size_gb

  # With its unit: a bare number would replace the container at every plan.
  mount_points = [{
    path   = var.data_path
    size   = "${var.data_size_gb}G"
    volume = var.data_datastore_id
  }]

  bridge      = var.bridge
  vlan_id     = var.vlan_id
  ipv4        = var.ipv4
  gateway     = var.gateway
  dns_servers = var.dns_servers
  dns_domain  = var.dns_domain

  ssh_keys = var.ssh_keys
  ssh_port = var.ssh_port

  started    = var.started
  on_boot    = var.on_boot
  startup    = var.startup
  protection = var.protection
  backup     = var.backup

  packages              = var.packages
  auto_security_updates = var.auto_security_updates
  node_exporter         = var.node_exporter

  firewall_enabled    = var.firewall_enabled
  management_networks = var.management_networks
  allowed_networks    = var.allowed_networks
  firewall_rules = concat(
    [{ dport = "${var.api_port},${var.console_port}", comment = "S3 and console" }],
    var.firewall_rules,
  )
}

locals {
  ip_address   = split("/", var.ipv4)[0]
  endpoint_url = "http://${local.ip_address}:${var.api_port}"
  console_url  = "http://${local.ip_address}:${var.console_port}"

  restart = "systemctl daemon-reload && systemctl restart minio.service"

  # What is to be inside the container; nothing installs it yet. Credentials are
  # references: neither a plan nor the state ever holds one.
  manifest = {
    packages = distinct(concat(module.container.manifest.packages, ["ca-certificates", "curl"]))
    downloads = {
      "/usr/local/bin/minio" = {
        url    = replace(var.minio_url, "{version}", var.minio_version)
        sha256 = var.minio_sha256
        mode   = "0755"
        reload = local.restart
      }
    }
    files = merge(module.container.manifest.files, {
      "/etc/default/minio" = {
        content = <<-EOT
          MINIO_VOLUMES=${var.data_path}/objects
          MINIO_OPTS=--address :${var.api_port} --console-address :${var.console_port}
        EOT
        mode    = "0644"
        reload  = local.restart
      }
      "/etc/sysusers.d/minio.conf" = {
        content = "u minio - \"MinIO object storage\" ${var.data_path}\n"
        mode    = "0644"
        reload  = local.restart
      }
      "/etc/tmpfiles.d/minio.conf" = {
        content = "d ${var.data_path}/objects 0750 minio minio\n"
        mode    = "0644"
        reload  = local.restart
      }
      "/etc/systemd/system/minio-setup.service" = {
        content = file("${path.module}/files/minio-setup.service")
        mode    = "0644"
        reload  = local.restart
      }
      "/etc/systemd/system/minio.service" = {
        content = file("${path.module}/files/minio.service")
        mode    = "0644"
        reload  = local.restart
      }
    })
    # Environment files of references, readable to root alone.
    secrets = {
      "/etc/minio/credentials.env" = {
        values = {
          MINIO_ROOT_USER     = nonsensitive(var.root_user)
          MINIO_ROOT_PASSWORD = nonsensitive(var.root_password)
        }
        mode   = "0600"
        reload = local.restart
      }
    }
    units   = concat(module.container.manifest.units, ["minio.service"])
    buckets = [for bucket in var.buckets : { name = bucket.name, versioning = bucket.versioning }]
    probe   = "${local.endpoint_url}/minio/health/live"
  }
}
