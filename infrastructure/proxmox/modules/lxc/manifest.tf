# Containers have no cloud-init: what is to be inside is declared here, as a manifest,
# and nothing installs it yet. The output `undelivered` says what that is.

locals {
  has_apt = contains(["ubuntu", "debian"], var.os_type)

  auto_security_updates = var.auto_security_updates && local.has_apt
  node_exporter         = var.node_exporter && local.has_apt

  # The files are those of the VMs.
  files_folder = "${path.module}/../vm/files"

  manifest = {
    packages = distinct(concat(
      var.packages,
      local.node_exporter ? ["prometheus-node-exporter"] : [],
      local.auto_security_updates ? ["unattended-upgrades"] : [],
    ))
    files = merge(
      local.node_exporter ? {
        "/etc/systemd/system/prometheus-node-exporter.service.d/pve-home.conf" = { content = file("${local.files_folder}/node-exporter.conf"), mode = "0644", reload = "systemctl daemon-reload && systemctl restart prometheus-node-exporter" }
      } : {},
      local.auto_security_updates ? {
        "/etc/apt/apt.conf.d/52pve-home" = { content = file("${local.files_folder}/unattended-upgrades.conf"), mode = "0644", reload = null }
      } : {},
    )
    units = local.node_exporter ? ["prometheus-node-exporter.service"] : []
  }
}

locals {
  undelivered = concat(
    length(var.packages) > 0 ? ["packages"] : [],
    var.auto_security_updates ? ["auto_security_updates"] : [],
    var.node_exporter ? ["node_exporter"] : [],
    var.docker ? ["docker"] : [],
  )
}

# Says in the state which containers are to update themselves.
resource "terraform_data" "auto_security_updates" {
  count = local.auto_security_updates ? 1 : 0

  input = {
    container_id = proxmox_virtual_environment_container.this.vm_id
    os_type      = var.os_type
    packages     = ["unattended-upgrades"]
  }
}
