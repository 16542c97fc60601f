# Every default is written here, once: environments pass null for what the user
# left out, and `nullable = false` turns that into the default.

# --- identity -----------------------------------------------------------------

variable "name" {
  description = "Name of the VM; also its host name, so a valid DNS label."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "name = \"${var.name}\" is not a DNS label: use lower-case letters, digits and inner dashes, at most 63, for example name = \"web-1\"."
  }
}

variable "environment" {
  description = "Environment the VM belongs to; a part of snippet names and a label of its logs."
  type        = string
  default     = "prod"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", var.environment))
    error_message = "${var.name}: environment = \"${var.environment}\" is not a short name: use lower-case letters, digits and inner dashes, for example environment = \"prod\"."
  }
}

variable "description" {
  description = "Notes shown in Proxmox."
  type        = string
  default     = "Managed by Terraform"
  nullable    = false

  validation {
    condition     = trimspace(var.description) == var.description
    error_message = "${var.name}: description = ${jsonencode(var.description)} begins or ends with blanks, which Proxmox drops and every plan would then put back: use for example description = \"Managed by Terraform\"."
  }
}

variable "tags" {
  description = "Tags, kept as given; the module adds its own after them (docker, nobackup, expires-…)."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for tag in var.tags : can(regex("^[a-z0-9_][a-z0-9_+.-]*$", tag))])
    error_message = "${var.name}: tags = ${jsonencode(var.tags)} holds a tag Proxmox refuses or rewrites: use lower-case letters, digits and _ + . - only, for example tags = [\"web\", \"expires-2026-12-31\"]."
  }
}

variable "node_name" {
  description = "Proxmox node the VM runs on."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$", var.node_name))
    error_message = "${var.name}: node_name = \"${var.node_name}\" is not a node name: use the name shown in Proxmox, for example node_name = \"pve1\"."
  }
}

variable "vm_id" {
  description = "Number of the VM; null lets Proxmox choose the next free one."
  type        = number
  default     = null

  validation {
    condition     = var.vm_id == null ? true : var.vm_id >= 100 && var.vm_id <= 999999999 && floor(var.vm_id) == var.vm_id
    error_message = "${var.name}: vm_id = ${jsonencode(var.vm_id)} is not a guest number: use a whole number from 100 to 999999999, for example vm_id = 201."
  }
}

# --- where its first disk comes from ------------------------------------------

variable "template_vmid" {
  description = "Number of the template to clone; null when image_file_id is given."
  type        = number
  default     = null

  validation {
    condition     = var.template_vmid == null ? true : var.template_vmid >= 100 && floor(var.template_vmid) == var.template_vmid
    error_message = "${var.name}: template_vmid = ${jsonencode(var.template_vmid)} is not a guest number: use the number of a template, for example template_vmid = 9000."
  }

  validation {
    condition     = (var.template_vmid == null) != (var.image_file_id == null)
    error_message = "${var.name}: template_vmid = ${jsonencode(var.template_vmid)} and image_file_id = ${jsonencode(var.image_file_id)}: exactly one of them says where the disk comes from, for example template_vmid = 9000."
  }
}

variable "template_node_name" {
  description = "Node the template is on, when it is not node_name."
  type        = string
  default     = null

  validation {
    condition     = var.template_node_name == null ? true : can(regex("^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$", var.template_node_name))
    error_message = "${var.name}: template_node_name = ${jsonencode(var.template_node_name)} is not a node name: use the name shown in Proxmox, for example template_node_name = \"pve1\"."
  }
}

variable "image_file_id" {
  description = "Cloud image to import (content type import, uncompressed), instead of a template. Read at creation only."
  type        = string
  default     = null

  validation {
    condition     = var.image_file_id == null ? true : can(regex("^[A-Za-z0-9_.-]+:import/[^/]+\\.(qcow2|raw|vmdk)$", var.image_file_id))
    error_message = "${var.name}: image_file_id = ${jsonencode(var.image_file_id)} is not an importable image: use STORAGE:import/FILE ending in .qcow2, .raw or .vmdk, for example image_file_id = \"local:import/debian-13.qcow2\"."
  }
}

# --- size ---------------------------------------------------------------------

variable "cpu_cores" {
  description = "Number of CPU cores."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.cpu_cores >= 1 && var.cpu_cores <= 256 && floor(var.cpu_cores) == var.cpu_cores
    error_message = "${var.name}: cpu_cores = ${var.cpu_cores} is out of range: use a whole number from 1 to 256, for example cpu_cores = 2."
  }
}

variable "cpu_type" {
  description = "CPU model the guest sees; \"host\" is fastest and ties the VM to nodes with the same CPU."
  type        = string
  default     = "x86-64-v2-AES"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]*$", var.cpu_type))
    error_message = "${var.name}: cpu_type = \"${var.cpu_type}\" is not a CPU model: use a name QEMU knows, for example cpu_type = \"x86-64-v2-AES\"."
  }
}

variable "memory_mb" {
  description = "Memory in MiB."
  type        = number
  default     = 2048
  nullable    = false

  validation {
    condition     = var.memory_mb >= 64 && var.memory_mb <= 4194304 && floor(var.memory_mb) == var.memory_mb
    error_message = "${var.name}: memory_mb = ${var.memory_mb} is out of range: use MiB, a whole number from 64 to 4194304, for example memory_mb = 2048."
  }
}

variable "ballooning" {
  description = "Whether Proxmox may see and take back unused memory (balloon device)."
  type        = bool
  default     = true
  nullable    = false
}

variable "datastore_id" {
  description = "Storage for the disks and the cloud-init drive."
  type        = string
  default     = "local-lvm"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_.-]*$", var.datastore_id))
    error_message = "${var.name}: datastore_id = \"${var.datastore_id}\" is not a storage name: use one shown under Datacenter, Storage, for example datastore_id = \"local-lvm\"."
  }
}

variable "disk_size_gb" {
  description = "Size of the first disk in GiB, at least the template's; it can grow, never shrink."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.disk_size_gb >= 1 && var.disk_size_gb <= 65536 && floor(var.disk_size_gb) == var.disk_size_gb
    error_message = "${var.name}: disk_size_gb = ${var.disk_size_gb} is out of range: use GiB, a whole number from 1 to 65536, for example disk_size_gb = 20."
  }
}

variable "disk_interface" {
  description = "Interface of the first disk: that of the template's boot disk, as `qm config` of the template shows it. Chosen once: another one adds an empty disk."
  type        = string
  default     = "scsi0"
  nullable    = false

  validation {
    condition     = can(regex("^(scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|sata[0-5]|ide[013])$", var.disk_interface))
    error_message = "${var.name}: disk_interface = \"${var.disk_interface}\" is not the interface of a disk: use scsi0 to scsi30, virtio0 to virtio15, sata0 to sata5, ide0, ide1 or ide3 (ide2 is the cloud-init drive), for example disk_interface = \"virtio0\"."
  }
}

variable "data_disks" {
  description = "Further disks, scsi1 and up (without disk_interface), in this order. Add at the end; backup = false leaves one out of backups."
  type = list(object({
    size_gb      = number
    datastore_id = optional(string)
    backup       = optional(bool, true)
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(var.data_disks) <= 13 && alltrue([for disk in var.data_disks : disk.size_gb >= 1 && disk.size_gb <= 65536 && floor(disk.size_gb) == disk.size_gb])
    error_message = "${var.name}: data_disks = ${jsonencode(var.data_disks)}: at most 13 disks, each a whole number of GiB from 1 to 65536, for example data_disks = [{ size_gb = 50 }]."
  }
}

# --- network ------------------------------------------------------------------

variable "bridge" {
  description = "Bridge of the network card."
  type        = string
  default     = "vmbr0"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_.-]{0,14}$", var.bridge))
    error_message = "${var.name}: bridge = \"${var.bridge}\" is not a bridge name: use one of the node's, at most 15 characters, for example bridge = \"vmbr0\"."
  }
}

variable "vlan_id" {
  description = "VLAN tag of the network card; null for none."
  type        = number
  default     = null

  validation {
    condition     = var.vlan_id == null ? true : var.vlan_id >= 1 && var.vlan_id <= 4094 && floor(var.vlan_id) == var.vlan_id
    error_message = "${var.name}: vlan_id = ${jsonencode(var.vlan_id)} is not a VLAN: use a whole number from 1 to 4094, for example vlan_id = 20."
  }
}

variable "mac_address" {
  description = "MAC address of the network card; null lets Proxmox choose one and keep it."
  type        = string
  default     = null

  validation {
    condition     = var.mac_address == null ? true : can(regex("^[0-9A-F][02468ACE](:[0-9A-F]{2}){5}$", var.mac_address))
    error_message = "${var.name}: mac_address = ${jsonencode(var.mac_address)} is not a unicast MAC address in capitals: use for example mac_address = \"BC:24:11:00:00:01\"."
  }
}

variable "ipv4" {
  description = "\"dhcp\", or the static address with its prefix."
  type        = string
  default     = "dhcp"
  nullable    = false

  validation {
    condition     = var.ipv4 == "dhcp" || (can(cidrnetmask(var.ipv4)) && !startswith(var.ipv4, "0."))
    error_message = "${var.name}: ipv4 = \"${var.ipv4}\" is neither \"dhcp\" nor an IPv4 address with its prefix: use for example ipv4 = \"192.168.1.20/24\"."
  }

  validation {
    condition     = try(tonumber(split("/", var.ipv4)[1]) >= 31 || !contains([cidrhost(var.ipv4, 0), cidrhost(var.ipv4, -1)], split("/", var.ipv4)[0]), true)
    error_message = "${var.name}: ipv4 = \"${var.ipv4}\" is the address of the network itself, or its broadcast address: use one between them, for example ipv4 = \"192.168.1.20/24\"."
  }
}

variable "gateway" {
  description = "IPv4 gateway of a static address; null for a network without one."
  type        = string
  default     = null

  validation {
    condition     = var.gateway == null ? true : can(cidrnetmask("${var.gateway}/32"))
    error_message = "${var.name}: gateway = ${jsonencode(var.gateway)} is not an IPv4 address: use for example gateway = \"192.168.1.1\"."
  }

  validation {
    condition     = var.gateway == null ? true : var.ipv4 != "dhcp"
    error_message = "${var.name}: gateway = ${jsonencode(var.gateway)} with ipv4 = \"dhcp\": the DHCP server names the gateway; leave it out, or give a static address, for example ipv4 = \"192.168.1.20/24\"."
  }

  # The only address of a /32 is the guest's own: its gateway is outside.
  validation {
    condition     = try(endswith(var.ipv4, "/32") || cidrsubnet("${var.gateway}/${split("/", var.ipv4)[1]}", 0, 0) == cidrsubnet(var.ipv4, 0, 0), true)
    error_message = "${var.name}: gateway = ${jsonencode(var.gateway)} is outside the network of ipv4 = \"${var.ipv4}\" (${try(cidrsubnet(var.ipv4, 0, 0), "?")}): use the router's address there, for example gateway = \"192.168.1.1\"."
  }

  validation {
    condition     = try(var.gateway != split("/", var.ipv4)[0] && (endswith(var.ipv4, "/31") || !contains([cidrhost(var.ipv4, 0), cidrhost(var.ipv4, -1)], var.gateway)), true)
    error_message = "${var.name}: gateway = ${jsonencode(var.gateway)} is the guest's own address (ipv4 = \"${var.ipv4}\"), the network's or its broadcast address: use the router's, for example gateway = \"192.168.1.1\"."
  }
}

variable "dns_servers" {
  description = "DNS servers; empty takes the node's."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for server in var.dns_servers : can(cidrhost("${server}/32", 0))])
    error_message = "${var.name}: dns_servers = ${jsonencode(var.dns_servers)} holds something that is not an IP address: use for example dns_servers = [\"192.168.1.1\"]."
  }
}

variable "dns_domain" {
  description = "DNS search domain; null takes the node's."
  type        = string
  default     = null

  validation {
    condition     = var.dns_domain == null ? true : can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", var.dns_domain))
    error_message = "${var.name}: dns_domain = ${jsonencode(var.dns_domain)} is not a domain: use for example dns_domain = \"home.arpa\"."
  }
}

# --- access -------------------------------------------------------------------

variable "ssh_user" {
  description = "User cloud-init creates, with sudo and ssh_keys."
  type        = string
  default     = "ubuntu"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_-]{0,31}$", var.ssh_user))
    error_message = "${var.name}: ssh_user = \"${var.ssh_user}\" is not a user name: use lower-case letters, digits, _ and -, for example ssh_user = \"ubuntu\"."
  }
}

variable "ssh_port" {
  description = "Port on which the guest's SSH server answers; recorded in the inventory, not configured."
  type        = number
  default     = 22
  nullable    = false

  validation {
    condition     = var.ssh_port >= 1 && var.ssh_port <= 65535 && floor(var.ssh_port) == var.ssh_port
    error_message = "${var.name}: ssh_port = ${var.ssh_port} is not a port: use a whole number from 1 to 65535, for example ssh_port = 22."
  }
}

variable "ssh_keys" {
  description = "Public keys that may log in as ssh_user."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for key in var.ssh_keys : can(regex("^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com) AAAA[0-9A-Za-z+/]+=*( .*)?$", trimspace(key)))])
    error_message = "${var.name}: ssh_keys = ${jsonencode(var.ssh_keys)} holds something that is not a public key: use whole lines of a .pub file, for example ssh_keys = [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl you@laptop\"]."
  }
}

# --- behaviour ----------------------------------------------------------------

variable "agent_enabled" {
  description = "Whether the QEMU guest agent runs in the guest."
  type        = bool
  default     = true
  nullable    = false
}

variable "agent_timeout" {
  description = "How long a plan waits for a silent agent, at most 60 seconds (the provider's own default is 15 minutes)."
  type        = string
  default     = "30s"
  nullable    = false

  validation {
    condition     = can(regex("^([1-9]|[1-5][0-9]|60)s$|^1m$", var.agent_timeout))
    error_message = "${var.name}: agent_timeout = \"${var.agent_timeout}\" is longer than a plan should wait, or no time: use 1s to 60s, for example agent_timeout = \"30s\"."
  }
}

variable "started" {
  description = "Whether the VM runs: false stops it, and leaves it off."
  type        = bool
  default     = true
  nullable    = false
}

variable "on_boot" {
  description = "Whether the VM starts with its node."
  type        = bool
  default     = true
  nullable    = false
}

variable "startup" {
  description = "Place in the node's start sequence (stopped in reverse), with seconds to wait after starting and for stopping."
  type = object({
    order      = number
    up_delay   = optional(number)
    down_delay = optional(number)
  })
  default = null

  validation {
    condition     = var.startup == null ? true : alltrue([for n in [var.startup.order, coalesce(var.startup.up_delay, 0), coalesce(var.startup.down_delay, 0)] : n >= 0 && floor(n) == n])
    error_message = "${var.name}: startup = ${jsonencode(var.startup)}: order and delays (seconds) are whole numbers from 0, for example startup = { order = 2, up_delay = 30 }."
  }
}

variable "protection" {
  description = "Whether Proxmox refuses to remove the VM or its disks; Terraform then cannot destroy it either."
  type        = bool
  default     = false
  nullable    = false
}

variable "stop_on_destroy" {
  description = "Whether destroy stops the VM at once instead of shutting it down first: its disks go anyway, and a guest that does not react would hold a shutdown up for half an hour."
  type        = bool
  default     = true
  nullable    = false
}

variable "backup" {
  description = "Whether backup jobs include the VM; false also adds the tag nobackup, which silences the alert about it."
  type        = bool
  default     = true
  nullable    = false
}

variable "expiration_days" {
  description = "Days after its creation at which the VM may be stopped, as the tag expires-YYYY-MM-DD; null for never. A changed number counts from the same day."
  type        = number
  default     = null

  validation {
    condition     = var.expiration_days == null ? true : var.expiration_days >= 1 && var.expiration_days <= 3650 && floor(var.expiration_days) == var.expiration_days
    error_message = "${var.name}: expiration_days = ${jsonencode(var.expiration_days)} is out of range: use a whole number of days from 1 to 3650, for example expiration_days = 14."
  }
}

# --- inside the guest ---------------------------------------------------------

variable "snippets" {
  description = <<-EOT
    Whether cloud-init installs what is said below, at the first boot only. It gets it as snippets, which the provider
    uploads over SSH: as root or a user with sudo (no password asked) on the node, with a key in an SSH agent or in
    PROXMOX_VE_SSH_PRIVATE_KEY. With false no SSH is needed, the guest gets its user, keys and address only, and the
    template has to bring the rest. Chosen once: a changed value replaces the VM.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "snippet_datastore_id" {
  description = "Storage of the snippets. A new Proxmox does not allow them there: `pvesm set local --content backup,iso,vztmpl,import,snippets`."
  type        = string
  default     = "local"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_.-]*$", var.snippet_datastore_id))
    error_message = "${var.name}: snippet_datastore_id = \"${var.snippet_datastore_id}\" is not a storage name: use one shown under Datacenter, Storage, for example snippet_datastore_id = \"local\"."
  }
}

variable "packages" {
  description = "Packages to install, by their Debian or Ubuntu names."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for package in var.packages : can(regex("^[a-z0-9][a-z0-9.+-]+$", package))])
    error_message = "${var.name}: packages = ${jsonencode(var.packages)} holds something that is not a package name: use for example packages = [\"htop\", \"nfs-common\"]."
  }
}

variable "auto_security_updates" {
  description = "Whether security updates install themselves (unattended-upgrades, never with a restart)."
  type        = bool
  default     = false
  nullable    = false
}

variable "node_exporter" {
  description = "Whether the guest serves its metrics on port 9100, systemd units and text files included."
  type        = bool
  default     = false
  nullable    = false
}

variable "docker" {
  description = "Whether the guest runs Docker; adds the tag docker and the Docker check of `pve-home health`. A template that brings Docker keeps its own."
  type        = bool
  default     = false
  nullable    = false
}

variable "install_promtail" {
  description = "Whether the guest ships the logs of its containers and its system to Loki; needs docker and loki_url."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.install_promtail || var.docker
    error_message = "${var.name}: install_promtail = true with docker = false: the log agent is a container; set docker = true, or install_promtail = false."
  }

  validation {
    condition     = !var.install_promtail || var.loki_url != ""
    error_message = "${var.name}: install_promtail = true with loki_url = \"\": say where Loki is, for example loki_url = \"http://192.168.1.51:3100\"."
  }
}

variable "loki_url" {
  description = "Base address of Loki, without a path."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.loki_url == "" || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", var.loki_url)) || can(regex("^https?://\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?$", var.loki_url))
    error_message = "${var.name}: loki_url = \"${var.loki_url}\" is not a base address: use http or https, a host, a port, and no path, for example loki_url = \"http://192.168.1.51:3100\"."
  }
}

variable "log_agent" {
  description = "Which program ships the logs: promtail (end of life since 2026-03-02) or alloy, its successor; both give the same labels."
  type        = string
  default     = "promtail"
  nullable    = false

  validation {
    condition     = contains(["promtail", "alloy"], var.log_agent)
    error_message = "${var.name}: log_agent = \"${var.log_agent}\" is unknown: use promtail or alloy, for example log_agent = \"alloy\"."
  }
}

variable "log_system_source" {
  description = "Where the system log is read: the journal, or files (syslog and auth.log, which Debian 12 and later do not write)."
  type        = string
  default     = "journal"
  nullable    = false

  validation {
    condition     = contains(["journal", "files"], var.log_system_source)
    error_message = "${var.name}: log_system_source = \"${var.log_system_source}\" is unknown: use journal or files, for example log_system_source = \"journal\"."
  }
}

variable "promtail_scrape_configs" {
  description = "List of further scrape_configs of Promtail, after the built-in jobs docker, journal and system; each with a job_name of its own."
  type        = any
  default     = []
  nullable    = false

  validation {
    condition     = can([for config in var.promtail_scrape_configs : regex("^[A-Za-z0-9_-]+$", config.job_name)]) && !can(keys(var.promtail_scrape_configs))
    error_message = "${var.name}: promtail_scrape_configs = ${jsonencode(var.promtail_scrape_configs)} is not a list of scrape_configs with a job_name: use for example promtail_scrape_configs = [{ job_name = \"nginx\", static_configs = [{ targets = [\"localhost\"], labels = { job = \"nginx\", __path__ = \"/var/log/nginx/*.log\" } }] }]."
  }

  validation {
    condition     = length(distinct(concat(["docker", "journal", "system"], try([for config in var.promtail_scrape_configs : config.job_name], [])))) == 3 + try(length(var.promtail_scrape_configs), 0)
    error_message = "${var.name}: promtail_scrape_configs has the jobs ${try(jsonencode([for config in var.promtail_scrape_configs : config.job_name]), "?")}: each name once, and not docker, journal or system, for example job_name = \"nginx\"."
  }

  validation {
    condition     = var.log_agent == "promtail" || try(length(var.promtail_scrape_configs), 0) == 0
    error_message = "${var.name}: promtail_scrape_configs = ${jsonencode(var.promtail_scrape_configs)} with log_agent = \"alloy\", which does not read them: leave them out, or use for example log_agent = \"promtail\"."
  }
}

variable "promtail_image" {
  description = "Image of Promtail."
  type        = string
  default     = "grafana/promtail:3.6.11"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9./_-]*:[A-Za-z0-9_.-]+(@sha256:[0-9a-f]{64})?$", var.promtail_image))
    error_message = "${var.name}: promtail_image = \"${var.promtail_image}\" is not an image with a tag: use for example promtail_image = \"grafana/promtail:3.6.11\"."
  }
}

variable "alloy_image" {
  description = "Image of Alloy."
  type        = string
  default     = "grafana/alloy:v1.18.1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9./_-]*:[A-Za-z0-9_.-]+(@sha256:[0-9a-f]{64})?$", var.alloy_image))
    error_message = "${var.name}: alloy_image = \"${var.alloy_image}\" is not an image with a tag: use for example alloy_image = \"grafana/alloy:v1.18.1\"."
  }
}

variable "docker_proxy_image" {
  description = "Image of HAProxy, through which the log agent reads Docker."
  type        = string
  default     = "haproxy:3.2"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9./_-]*:[A-Za-z0-9_.-]+(@sha256:[0-9a-f]{64})?$", var.docker_proxy_image))
    error_message = "${var.name}: docker_proxy_image = \"${var.docker_proxy_image}\" is not an image with a tag: use for example docker_proxy_image = \"haproxy:3.2\"."
  }
}

# --- further files ------------------------------------------------------------

variable "files" {
  description = <<-EOT
    Further files in the guest, by absolute path: `content` without secrets, `mode`, and `reload`, the command after a change.
    Cloud-init writes them at the first boot.
  EOT
  type        = map(object({ content = string, mode = optional(string, "0644"), reload = optional(string) }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for path, file in var.files : can(regex("^(/[A-Za-z0-9._-]+)+$", path)) && can(regex("^0[0-7]{3}$", file.mode))])
    error_message = "${var.name}: files = ${jsonencode({ for path, file in var.files : path => file.mode })}: each has an absolute path of letters, digits, dots, dashes and underscores, and a mode of four octal digits, for example files = { \"/etc/motd\" = { content = \"hello\" } }."
  }
}

variable "directories" {
  description = "Further folders in the guest, by absolute path: `mode`, and `owner` as uid:gid."
  type        = map(object({ mode = optional(string, "0755"), owner = optional(string, "0:0") }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for path, directory in var.directories : can(regex("^(/[A-Za-z0-9._-]+)+$", path)) && can(regex("^0[0-7]{3}$", directory.mode)) && can(regex("^[0-9]+:[0-9]+$", directory.owner))])
    error_message = "${var.name}: directories = ${jsonencode(var.directories)}: each has an absolute path of letters, digits, dots, dashes and underscores, a mode of four octal digits and an owner of two numbers, for example directories = { \"/srv/data\" = { mode = \"0750\", owner = \"10001:10001\" } }."
  }
}

# --- firewall -----------------------------------------------------------------

variable "firewall_enabled" {
  description = "Whether the Proxmox firewall guards the VM. It takes effect once the firewall of the datacenter is on."
  type        = bool
  default     = false
  nullable    = false
}

variable "firewall_input_policy" {
  description = "What happens to traffic no rule accepts."
  type        = string
  default     = "DROP"
  nullable    = false

  validation {
    condition     = contains(["DROP", "REJECT", "ACCEPT"], var.firewall_input_policy)
    error_message = "${var.name}: firewall_input_policy = \"${var.firewall_input_policy}\" is unknown: use DROP, REJECT or ACCEPT, for example firewall_input_policy = \"DROP\"."
  }
}

variable "management_networks" {
  description = "Networks SSH and ping are always accepted from."
  type        = list(string)
  default     = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
  nullable    = false

  validation {
    condition     = length(var.management_networks) > 0 && alltrue([for network in var.management_networks : can(cidrnetmask(network))])
    error_message = "${var.name}: management_networks = ${jsonencode(var.management_networks)}: name at least one IPv4 network, or SSH is closed to all, for example management_networks = [\"192.168.1.0/24\"]."
  }

  validation {
    condition     = alltrue([for network in var.management_networks : try(cidrsubnet(network, 0, 0) == network, true)])
    error_message = "${var.name}: management_networks = ${jsonencode(var.management_networks)} has addresses where networks belong: write ${jsonencode([for network in var.management_networks : try(cidrsubnet(network, 0, 0), network)])}, for example management_networks = [\"192.168.1.0/24\"]."
  }
}

variable "allowed_networks" {
  description = "Networks the firewall rules accept from, unless a rule names its own."
  type        = list(string)
  default     = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
  nullable    = false

  validation {
    condition     = length(var.allowed_networks) > 0 && alltrue([for network in var.allowed_networks : can(cidrnetmask(network))])
    error_message = "${var.name}: allowed_networks = ${jsonencode(var.allowed_networks)}: name at least one IPv4 network, for example allowed_networks = [\"192.168.1.0/24\"]."
  }

  validation {
    condition     = alltrue([for network in var.allowed_networks : try(cidrsubnet(network, 0, 0) == network, true)])
    error_message = "${var.name}: allowed_networks = ${jsonencode(var.allowed_networks)} has addresses where networks belong: write ${jsonencode([for network in var.allowed_networks : try(cidrsubnet(network, 0, 0), network)])}, for example allowed_networks = [\"192.168.1.0/24\"]."
  }
}

variable "firewall_rules" {
  description = <<-EOT
    Further rules, after those for SSH and ping. `dport` is a port, a range (8000:8010) or a list (80,443); `networks`
    are the senders (null: allowed_networks).
  EOT
  type = list(object({
    dport    = optional(string)
    proto    = optional(string, "tcp")
    type     = optional(string, "in")
    action   = optional(string, "ACCEPT")
    networks = optional(list(string))
    comment  = optional(string, "")
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for rule in var.firewall_rules : rule.dport == null ? true : can(regex("^[0-9]{1,5}(:[0-9]{1,5})?(,[0-9]{1,5}(:[0-9]{1,5})?)*$", rule.dport))])
    error_message = "${var.name}: firewall_rules[*].dport = ${jsonencode(var.firewall_rules[*].dport)}: each is a port, a range or a list, for example dport = \"80,443,8000:8010\"."
  }

  validation {
    condition     = alltrue([for port in flatten([for rule in var.firewall_rules : regexall("[0-9]+", coalesce(rule.dport, "1"))]) : tonumber(port) >= 1 && tonumber(port) <= 65535])
    error_message = "${var.name}: firewall_rules[*].dport = ${jsonencode(var.firewall_rules[*].dport)}: a port is a number from 1 to 65535, for example dport = \"443\"."
  }

  validation {
    condition     = alltrue([for range in flatten([for rule in var.firewall_rules : regexall("[0-9]+:[0-9]+", coalesce(rule.dport, "1"))]) : tonumber(split(":", range)[0]) <= tonumber(split(":", range)[1])])
    error_message = "${var.name}: firewall_rules[*].dport = ${jsonencode(var.firewall_rules[*].dport)}: a range goes from its lower port to its higher one, for example dport = \"8000:8010\"."
  }

  # Both ends of a range count: PVE::Firewall (parse_port_name_number_or_range).
  validation {
    condition     = alltrue([for rule in var.firewall_rules : length(regexall("[0-9]+", coalesce(rule.dport, "1"))) <= 15])
    error_message = "${var.name}: firewall_rules[*].dport = ${jsonencode(var.firewall_rules[*].dport)}: Proxmox takes at most 15 ports in a rule, and a range counts as two; write a second rule, for example dport = \"80,443,8000:8010\"."
  }

  validation {
    condition     = alltrue([for rule in var.firewall_rules : contains(["tcp", "udp", "icmp"], rule.proto) && (rule.dport == null || rule.proto != "icmp")])
    error_message = "${var.name}: firewall_rules[*].proto = ${jsonencode(var.firewall_rules[*].proto)}: each is tcp, udp or icmp, and icmp has no port, for example proto = \"udp\"."
  }

  validation {
    condition     = alltrue([for rule in var.firewall_rules : contains(["in", "out"], rule.type) && contains(["ACCEPT", "DROP", "REJECT"], rule.action)])
    error_message = "${var.name}: firewall_rules has type ${jsonencode(var.firewall_rules[*].type)} and action ${jsonencode(var.firewall_rules[*].action)}: type is in or out, action ACCEPT, DROP or REJECT, for example type = \"in\", action = \"ACCEPT\"."
  }

  validation {
    condition     = alltrue([for rule in var.firewall_rules : rule.networks == null ? true : length(rule.networks) > 0 && alltrue([for network in rule.networks : can(cidrnetmask(network))])])
    error_message = "${var.name}: firewall_rules[*].networks = ${jsonencode(var.firewall_rules[*].networks)}: each is left out or names IPv4 networks, for example networks = [\"192.168.1.0/24\"]."
  }

  validation {
    condition     = alltrue([for network in flatten([for rule in var.firewall_rules : coalesce(rule.networks, [])]) : try(cidrsubnet(network, 0, 0) == network, true)])
    error_message = "${var.name}: firewall_rules[*].networks = ${jsonencode(var.firewall_rules[*].networks)} has an address where a network belongs: write no host bits, for example networks = [\"192.168.1.0/24\"]."
  }
}
