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
  description = "Tags, kept as given; the module adds its own after them (docker)."
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

variable "data_disks" {
  description = "Further disks, scsi1 and up, in this order. Add at the end; backup = false leaves one out of backups."
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
    error_message = "${var.name}: ssh_keys = ${jsonencode(var.ssh_keys)} holds something that is not a public key: use whole lines of a .pub file, for example ssh_keys = [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI... you@laptop\"]."
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
  description = "Whether destroy stops the VM at once instead of shutting it down first: its disks go anyway, and a silent agent would hold a shutdown up for half an hour."
  type        = bool
  default     = true
  nullable    = false
}

variable "docker" {
  description = "Whether the guest runs Docker; adds the tag docker and the Docker check of `pve-home health`."
  type        = bool
  default     = false
  nullable    = false
}

variable "firewall_enabled" {
  description = "Whether the network card passes the Proxmox firewall."
  type        = bool
  default     = false
  nullable    = false
}
