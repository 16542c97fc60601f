# Everything but what this environment adds has its default and its check in
# modules/monitoring-stack (see its README.md) and modules/vm.

# --- Proxmox ------------------------------------------------------------------

variable "proxmox_endpoint" {
  description = "Address of the Proxmox API; null takes PROXMOX_VE_ENDPOINT."
  type        = string
  default     = null

  validation {
    condition     = var.proxmox_endpoint == null ? true : can(regex("^https://[^/]+/?$", var.proxmox_endpoint))
    error_message = "proxmox_endpoint = ${jsonencode(var.proxmox_endpoint)} is not the address of an API: use https and no path, for example proxmox_endpoint = \"https://192.168.1.50:8006/\"."
  }
}

variable "proxmox_insecure" {
  description = "Whether to accept any certificate; null takes PROXMOX_VE_INSECURE, else false."
  type        = bool
  default     = null
}

variable "node_ssh" {
  description = <<-EOT
    SSH to the nodes, needed for the cloud-init snippet only: the user, whether to use an SSH agent, and
    addresses of nodes that differ from what Proxmox says. null takes PROXMOX_VE_SSH_USERNAME and the like.
  EOT
  type = object({
    username = optional(string)
    agent    = optional(bool)
    nodes = optional(map(object({
      address = string
      port    = optional(number, 22)
    })), {})
  })
  default = null

  validation {
    condition     = alltrue([for node in try(values(var.node_ssh.nodes), []) : node.port >= 1 && node.port <= 65535])
    error_message = "node_ssh = ${jsonencode(var.node_ssh)} holds a port out of range: use 1 to 65535, for example node_ssh = { username = \"root\", nodes = { pve1 = { address = \"192.168.1.50\", port = 22 } } }."
  }
}

# --- the VM -------------------------------------------------------------------

variable "node_name" {
  description = "Node the VM runs on."
  type        = string
  default     = "pve"
  nullable    = false
}

variable "name" {
  description = "Name of the VM."
  type        = string
  default     = null
}

variable "description" {
  description = "Notes shown in Proxmox."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the VM."
  type        = list(string)
  default     = null
}

variable "vm_id" {
  description = "Number of the VM; null lets Proxmox choose one."
  type        = number
  default     = null
}

variable "template_vmid" {
  description = "Template the VM is cloned from."
  type        = number
  default     = null
}

variable "template_node_name" {
  description = "Node that template is on, when it is another one."
  type        = string
  default     = null
}

variable "image_file_id" {
  description = "Cloud image the VM is made from, instead of a template."
  type        = string
  default     = null
}

variable "cpu_cores" {
  description = "Number of CPU cores."
  type        = number
  default     = null
}

variable "memory_mb" {
  description = "Memory in MiB."
  type        = number
  default     = null
}

variable "datastore_id" {
  description = "Storage of the disk."
  type        = string
  default     = null
}

variable "disk_size_gb" {
  description = "Size of the disk in GiB, metrics and logs included."
  type        = number
  default     = null
}

variable "bridge" {
  description = "Bridge of the network card."
  type        = string
  default     = null
}

variable "vlan_id" {
  description = "VLAN of the network card."
  type        = number
  default     = null
}

variable "mac_address" {
  description = "MAC address of the network card; null lets Proxmox choose one."
  type        = string
  default     = null
}

variable "ipv4" {
  description = "Static address with its prefix. The other environments name it in loki_url."
  type        = string
  default     = "192.168.1.51/24"
  nullable    = false
}

variable "gateway" {
  description = "Gateway of that address."
  type        = string
  default     = null
}

variable "dns_servers" {
  description = "DNS servers of the VM."
  type        = list(string)
  default     = null
}

variable "dns_domain" {
  description = "DNS search domain of the VM."
  type        = string
  default     = null
}

variable "ssh_keys" {
  description = "Public keys that may log in."
  type        = list(string)
  default     = null
}

variable "ssh_user" {
  description = "User cloud-init creates."
  type        = string
  default     = null
}

variable "ssh_port" {
  description = "Port the VM's SSH server answers on."
  type        = number
  default     = null
}

variable "on_boot" {
  description = "Whether the VM starts with its node."
  type        = bool
  default     = null
}

variable "startup" {
  description = "Place in the node's start sequence, with seconds to wait after starting and for stopping."
  type        = object({ order = number, up_delay = optional(number), down_delay = optional(number) })
  default     = null
}

variable "protection" {
  description = "Whether Proxmox refuses to remove the VM; Terraform then cannot destroy it either."
  type        = bool
  default     = null
}

variable "snippets" {
  description = <<-EOT
    Whether the VM gets packages and Docker at its first boot, as a cloud-init snippet: needs SSH to the node, and a
    storage that takes snippets. Choose before the first apply: a changed value replaces the VM.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "snippet_datastore_id" {
  description = "Storage of the snippets; content type Snippets has to be allowed there."
  type        = string
  default     = null
}

variable "packages" {
  description = "Packages besides those of the stack."
  type        = list(string)
  default     = null
}

variable "auto_security_updates" {
  description = "Whether security updates install themselves."
  type        = bool
  default     = false
  nullable    = false
}

# --- the stack ----------------------------------------------------------------

variable "traefik_enabled" {
  description = "Whether Traefik gives the services names."
  type        = bool
  default     = null
}

variable "loki_enabled" {
  description = "Whether Loki keeps the logs of all guests."
  type        = bool
  default     = null
}

variable "uptime_kuma_enabled" {
  description = "Whether Uptime Kuma shows which services are up."
  type        = bool
  default     = null
}

variable "domain_suffix" {
  description = "Domain the services are named below, home.lan unless you say so."
  type        = string
  default     = null
}

variable "loki_retention_days" {
  description = "Days after which Loki forgets logs."
  type        = number
  default     = null
}

variable "tls_enabled" {
  description = "Whether the services are reached over HTTPS, by an authority of your own."
  type        = bool
  default     = null
}

# --- firewall -----------------------------------------------------------------

variable "firewall_enabled" {
  description = "Whether the Proxmox firewall guards the VM. It takes effect once the firewall of the datacenter is on."
  type        = bool
  default     = true
  nullable    = false
}

variable "management_networks" {
  description = "Networks SSH and ping are always accepted from."
  type        = list(string)
  default     = null
}

variable "allowed_networks" {
  description = "Networks the services are open to."
  type        = list(string)
  default     = null
}

# --- backups ------------------------------------------------------------------

variable "backup" {
  description = "The backup job of the VM; null for none. Defaults: modules/backup/README.md."
  type = object({
    storage           = string
    schedule          = optional(string)
    mode              = optional(string)
    compress          = optional(string)
    enabled           = optional(bool)
    keep_daily        = optional(number)
    keep_weekly       = optional(number)
    keep_monthly      = optional(number)
    mail_to           = optional(list(string))
    mail_notification = optional(string)
  })
  default = null
}
