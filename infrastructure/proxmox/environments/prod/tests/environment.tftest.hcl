# The inventory this environment gives to the programs.

mock_provider "proxmox" {}

variables {
  node_name                  = "pve1"
  node_ssh                   = { nodes = { pve1 = { address = "192.168.1.50" } } }
  tags                       = ["all"]
  template_vmid              = 9000
  container_template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  gateway                    = "192.168.1.1"
  vms = {
    web = { vm_id = 201, ipv4 = "192.168.1.20/24", docker = true, tags = ["front"] }
    db  = { vm_id = 202, ipv4 = "192.168.1.21/24", node_name = "pve2", agent_enabled = false, on_boot = false, ssh_user = "ops", ssh_port = 2222 }
  }
  containers = {
    dns = { vm_id = 203, ipv4 = "192.168.1.22/24" }
  }
  nodes = { pve3 = { address = "192.168.1.53", node_exporter = true } }
  services = {
    site  = { kind = "http", guest = "web", url = "http://192.168.1.20", health_path = "/healthz", host = "site", scrape = { port = 9117 } }
    wiki  = { kind = "http", guest = "web", url = "https://wiki.example:8443/base", port = 3000, scrape = { path = "/m", job = "w" }, monitor = false }
    cloud = { kind = "http", url = "https://cloud.example" }
  }
}

run "inventory" {
  command = plan

  variables {
    loki_url = "http://192.168.1.51:3100"
  }

  assert {
    condition     = output.inventory.schema_version == 2 && output.inventory.environment == "prod" && output.inventory.domain == null
    error_message = "inventory is version ${output.inventory.schema_version} of ${output.inventory.environment}"
  }

  assert {
    condition = jsonencode(output.inventory.guests) == jsonencode([
      { name = "db", type = "vm", vmid = 202, node = "pve2", address = "192.168.1.21", ssh_user = "ops", ssh_port = 2222, docker = false, agent = false, node_exporter = true, log_agent = null, started = true, on_boot = false, tags = ["all"] },
      { name = "dns", type = "lxc", vmid = 203, node = "pve1", address = "192.168.1.22", ssh_user = "root", ssh_port = 22, docker = false, agent = false, node_exporter = false, log_agent = null, started = true, on_boot = true, tags = ["all"] },
      { name = "web", type = "vm", vmid = 201, node = "pve1", address = "192.168.1.20", ssh_user = "ubuntu", ssh_port = 22, docker = true, agent = true, node_exporter = true, log_agent = "promtail", started = true, on_boot = true, tags = ["all", "docker", "front"] },
    ])
    error_message = "guests are ${jsonencode(output.inventory.guests)}"
  }

  assert {
    condition = jsonencode(output.inventory.nodes) == jsonencode([
      { name = "pve1", address = "192.168.1.50", api_port = 8006, node_exporter = false },
      { name = "pve2", address = null, api_port = 8006, node_exporter = false },
      { name = "pve3", address = "192.168.1.53", api_port = 8006, node_exporter = true },
    ])
    error_message = "nodes are ${jsonencode(output.inventory.nodes)}"
  }

  assert {
    condition = jsonencode(output.inventory.services) == jsonencode([
      { name = "cloud", kind = "http", guest = null, url = "https://cloud.example", health_path = null, host = null, port = 443, scrape = null, monitor = true },
      { name = "site", kind = "http", guest = "web", url = "http://192.168.1.20", health_path = "/healthz", host = "site", port = 80, scrape = { path = "/metrics", port = 9117, job = "site" }, monitor = true },
      { name = "wiki", kind = "http", guest = "web", url = "https://wiki.example:8443/base", health_path = null, host = null, port = 3000, scrape = { path = "/m", port = 3000, job = "w" }, monitor = false },
    ])
    error_message = "services are ${jsonencode(output.inventory.services)}"
  }
}

run "defaults" {
  command = plan

  assert {
    condition     = can(regex("^[0-9a-f]{64}$", output.code.sha256)) && output.code.files > 15
    error_message = "code is ${jsonencode(output.code)}"
  }

  assert {
    condition     = contains(keys(local.code_files), "modules/vm/main.tf") && contains(keys(local.code_files), "environment/main.tf")
    error_message = "code leaves out files: ${jsonencode(keys(local.code_files))}"
  }

  assert {
    condition     = !anytrue([for name in keys(local.code_files) : strcontains(name, "/.")])
    error_message = "code has hidden files: ${jsonencode(keys(local.code_files))}"
  }

  assert {
    condition     = strcontains(module.vms["web"].manifest.files["/opt/log-agent/config/promtail-agent.yml"].content, "http://192.168.1.51:3100/loki/api/v1/push")
    error_message = "web ships no logs"
  }

  assert {
    condition     = !anytrue([for path in keys(module.vms["db"].manifest.files) : startswith(path, "/opt/log-agent/")])
    error_message = "db has a log agent, but no Docker to run it"
  }

  assert {
    condition     = length(proxmox_download_file.this) == 0
    error_message = "downloads are ${jsonencode(keys(proxmox_download_file.this))}"
  }
}

run "an_empty_environment" {
  command = plan

  variables {
    vms        = {}
    containers = {}
    services   = {}
    nodes      = {}
  }

  assert {
    condition     = jsonencode(output.inventory) == jsonencode({ domain = null, environment = "prod", guests = [], nodes = [], schema_version = 2, services = [] })
    error_message = "inventory is ${jsonencode(output.inventory)}"
  }
}

run "shared_settings_reach_the_guests" {
  command = plan

  variables {
    image_file_id = "local:import/debian-13.qcow2"
    datastore_id  = "fast"
    bridge        = "vmbr1"
    vlan_id       = 20
    dns_servers   = ["192.168.1.1"]
    ssh_user      = "ops"
    ssh_port      = 2200
    template_vmid = null
    vms = {
      web   = { vm_id = 201, ipv4 = "192.168.1.20/24" }
      clone = { vm_id = 202, template_vmid = 9001, datastore_id = "slow", bridge = "vmbr2", vlan_id = 30 }
    }
    services = {}
  }

  assert {
    condition     = output.inventory.guests[*].ssh_port == [2200, 2200, 2200] && output.inventory.guests[*].ssh_user == ["ops", "root", "ops"]
    error_message = "ssh of the guests is ${jsonencode(output.inventory.guests)}"
  }
}

run "no_loki_no_agent" {
  command = plan

  variables {
    loki_url = ""
  }

  assert {
    condition     = !anytrue([for path in keys(module.vms["web"].manifest.files) : startswith(path, "/opt/log-agent/")])
    error_message = "web has a log agent with nowhere to send to"
  }
}

run "settings_of_one_guest_win" {
  command = plan

  variables {
    auto_security_updates   = true
    packages                = ["htop"]
    promtail_scrape_configs = { web = [{ job_name = "nginx" }] }
    services                = {}
    vms = {
      web = { vm_id = 201, docker = true }
      db  = { vm_id = 202, agent_enabled = false, packages = ["nfs-common"], auto_security_updates = false, node_exporter = false, backup = false }
    }
  }

  # Those that reach the container are installed by nothing.
  expect_failures = [check.delivery]

  assert {
    condition     = contains(module.vms["web"].manifest.packages, "unattended-upgrades") && contains(module.vms["web"].manifest.packages, "prometheus-node-exporter") && contains(module.containers["dns"].manifest.packages, "unattended-upgrades")
    error_message = "a shared setting did not reach web or dns"
  }

  assert {
    condition     = module.vms["db"].manifest.packages == tolist(["htop", "nfs-common"])
    error_message = "packages of db are ${jsonencode(module.vms["db"].manifest.packages)}"
  }

  assert {
    condition     = contains(module.vms["db"].tags, "nobackup") && !contains(module.vms["web"].tags, "nobackup")
    error_message = "backup = false reached the wrong guest, or none"
  }

  assert {
    condition     = strcontains(module.vms["web"].manifest.files["/opt/log-agent/config/promtail-agent.yml"].content, "nginx")
    error_message = "the scrape_configs of web are not its own"
  }
}

# Guests are guarded unless said otherwise, and the monitoring VM still reaches
# node-exporter and the log agent.
run "firewall_lets_monitoring_through" {
  command = plan

  variables {
    vms      = { web = { vm_id = 201, docker = true, firewall_rules = [{ dport = "80,443" }] }, db = { vm_id = 202, node_exporter = false }, open = { vm_id = 204, firewall_enabled = false } }
    services = {}
  }

  assert {
    condition     = jsonencode(module.vms["web"].firewall_ports) == jsonencode(["22", "80,443", "9100", "9080"])
    error_message = "web is open on ${jsonencode(module.vms["web"].firewall_ports)}"
  }

  assert {
    condition     = jsonencode(module.containers["dns"].firewall_ports) == jsonencode(["22"])
    error_message = "dns is open on ${jsonencode(module.containers["dns"].firewall_ports)}"
  }

  assert {
    condition     = jsonencode(module.vms["db"].firewall_ports) == jsonencode(["22"])
    error_message = "db is open on ${jsonencode(module.vms["db"].firewall_ports)}"
  }

  assert {
    condition     = module.vms["open"].firewall_ports == null
    error_message = "a guest without firewall has ports of one"
  }
}

run "backup_of_all_guests_but_those_without" {
  command = plan

  variables {
    backup = { storage = "nas", keep_daily = 3 }
    vms = {
      web = { vm_id = 201 }
      db  = { vm_id = 202, backup = false }
    }
    services = {}
  }

  assert {
    condition     = module.backup[0].job_id == "pve-home-prod" && module.backup[0].vm_ids == tolist([201, 203])
    error_message = "the job ${module.backup[0].job_id} backs up ${jsonencode(module.backup[0].vm_ids)}"
  }

  assert {
    condition     = module.backup[0].schedule == "01:00" && module.backup[0].retention["keep-daily"] == "3"
    error_message = "schedule or retention is not as declared"
  }
}

# One file for all guests of a node that are made from it; the environment's own keeps its name.
run "each_image_is_downloaded_once_per_node" {
  command = plan

  variables {
    template_vmid              = null
    image_url                  = "https://images.example/latest/debian-13.qcow2"
    container_template_file_id = null
    container_template_url     = "http://templates.example/debian-13-standard.tar.zst"
    vms = {
      web    = { vm_id = 201 }
      db     = { vm_id = 202 }
      far    = { vm_id = 204, node_name = "pve2" }
      noble  = { vm_id = 205, image_url = "https://images.example/noble/noble%20server.img", image_checksum = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" }
      jammy  = { vm_id = 206, image_url = "https://images.example/noble/noble%20server.img" }
      clone  = { vm_id = 207, template_vmid = 9000 }
      stored = { vm_id = 208, image_file_id = "local:import/mine.raw" }
    }
    containers = {
      dns  = { vm_id = 203 }
      old  = { vm_id = 209, template_file_id = "local:vztmpl/old.tar.gz" }
      mine = { vm_id = 210, template_url = "http://templates.example/alpine.tar.xz" }
    }
    services = {}
  }

  assert {
    condition = jsonencode({ for name, file in proxmox_download_file.this : name => "${file.node_name} ${file.datastore_id} ${file.content_type} ${file.url}" }) == jsonencode({
      "prod-pve1-image.qcow2"                                                                                     = "pve1 local import https://images.example/latest/debian-13.qcow2"
      "prod-pve2-image.qcow2"                                                                                     = "pve2 local import https://images.example/latest/debian-13.qcow2"
      "prod-pve1-noble_20server-${substr(sha256("https://images.example/noble/noble%20server.img"), 0, 8)}.qcow2" = "pve1 local import https://images.example/noble/noble%20server.img"
      "prod-pve1-template.tar.zst"                                                                                = "pve1 local vztmpl http://templates.example/debian-13-standard.tar.zst"
      "prod-pve1-alpine-${substr(sha256("http://templates.example/alpine.tar.xz"), 0, 8)}.tar.xz"                 = "pve1 local vztmpl http://templates.example/alpine.tar.xz"
    })
    error_message = "downloads are ${jsonencode({ for name, file in proxmox_download_file.this : name => "${file.node_name} ${file.datastore_id} ${file.content_type} ${file.url}" })}"
  }

  assert {
    condition     = alltrue([for file in proxmox_download_file.this : !file.overwrite && file.overwrite_unmanaged])
    error_message = "a file would be downloaded again whenever its makers publish another one"
  }

  assert {
    condition     = [for file in proxmox_download_file.this : "${file.checksum_algorithm} ${file.checksum}" if file.checksum != null] == ["sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
    error_message = "checksums are ${jsonencode([for file in proxmox_download_file.this : file.checksum])}"
  }

  assert {
    condition     = jsonencode({ for name, vm in module.vms : name => vm.image_file_id if name != "noble" && name != "jammy" }) == jsonencode({ clone = null, db = "local:import/prod-pve1-image.qcow2", far = "local:import/prod-pve2-image.qcow2", stored = "local:import/mine.raw", web = "local:import/prod-pve1-image.qcow2" }) && module.vms["noble"].image_file_id == module.vms["jammy"].image_file_id
    error_message = "VMs are made from ${jsonencode({ for name, vm in module.vms : name => vm.image_file_id })}"
  }

  assert {
    condition     = module.containers["dns"].template_file_id == "local:vztmpl/prod-pve1-template.tar.zst" && module.containers["old"].template_file_id == "local:vztmpl/old.tar.gz" && startswith(module.containers["mine"].template_file_id, "local:vztmpl/prod-pve1-alpine-")
    error_message = "containers are made from ${jsonencode([for container in module.containers : container.template_file_id])}"
  }
}

run "an_image_with_its_checksum" {
  command = plan

  variables {
    template_vmid         = null
    image_url             = "https://images.example/debian-13.raw"
    image_checksum        = "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
    download_datastore_id = "nas"
    services              = {}
  }

  assert {
    condition     = proxmox_download_file.this["prod-pve1-image.raw"].checksum_algorithm == "sha512" && startswith(proxmox_download_file.this["prod-pve1-image.raw"].checksum, "cf83e1357eef") && module.vms["web"].image_file_id == "nas:import/prod-pve1-image.raw"
    error_message = "the download is ${jsonencode(proxmox_download_file.this)}"
  }
}

run "guests_that_are_off_and_disks_elsewhere" {
  command = plan

  variables {
    disk_interface = "virtio0"
    vms            = { web = { vm_id = 201, started = false }, db = { vm_id = 202, disk_interface = "sata0" } }
    containers     = { dns = { vm_id = 203, started = false } }
    services       = {}
  }

  assert {
    condition     = !module.vms["web"].started && module.vms["db"].started && !module.containers["dns"].started
    error_message = "started did not reach a guest"
  }

  assert {
    condition     = module.vms["web"].disk_interface == "virtio0" && module.vms["db"].disk_interface == "sata0"
    error_message = "disk_interface did not reach a guest"
  }
}

run "what_nothing_installs_is_named" {
  command = plan

  variables {
    snippets      = false
    node_exporter = false
    vms           = { web = { vm_id = 201, docker = true }, db = { vm_id = 202 } }
    containers    = { dns = { vm_id = 203, node_exporter = true }, ntp = { vm_id = 204 } }
    services      = {}
  }

  expect_failures = [check.delivery]

  assert {
    condition     = jsonencode(local.undelivered) == jsonencode({ dns = ["node_exporter"], web = ["docker", "install_promtail"] })
    error_message = "undelivered is ${jsonencode(local.undelivered)}"
  }
}

# No guests must not become "all guests of the cluster".
run "no_guests_no_backup_job" {
  command = plan

  variables {
    backup     = { storage = "nas" }
    vms        = {}
    containers = {}
    services   = {}
  }

  assert {
    condition     = length(module.backup) == 0
    error_message = "an environment without guests has a backup job"
  }
}

run "accepts_firewall_and_monitoring_key" {
  command = plan

  variables {
    firewall_enabled        = true
    management_networks     = ["192.168.1.0/24"]
    allowed_networks        = ["192.168.0.0/16"]
    health_check_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl health"
    vms                     = { web = { vm_id = 201, firewall_rules = [{ dport = "80,443" }], snippets = true } }
    services                = {}
  }
}

run "accepts_ssh_to_the_node" {
  command = plan

  variables {
    proxmox_endpoint = "https://192.168.1.50:8006/"
    node_ssh         = { username = "root", nodes = { pve1 = { address = "127.0.0.1", port = 2222 } } }
  }
}
