# Environments pass null for what the user left out, and `nullable = false` turns that
# into the default. What is handed on to ./config, which renders the files, or to module
# vm, which makes the VM, has its check there, and its default too where it is null here.

# --- the stack ----------------------------------------------------------------

variable "traefik_enabled" {
  description = "Whether Traefik gives the services names: grafana.home.lan instead of an address and a port."
  type        = bool
  default     = true
  nullable    = false
}

variable "loki_enabled" {
  description = "Whether Loki keeps the logs of all guests."
  type        = bool
  default     = true
  nullable    = false
}

variable "uptime_kuma_enabled" {
  description = "Whether Uptime Kuma shows which services are up."
  type        = bool
  default     = true
  nullable    = false
}

variable "uptime_kuma_metrics" {
  description = "Whether Prometheus reads the metrics of Uptime Kuma, with an API key made there."
  type        = bool
  default     = null
}

variable "log_agent" {
  description = "Program that sends the logs of the VM and of its containers to Loki: promtail or alloy."
  type        = string
  default     = null
}

variable "domain_suffix" {
  description = "Domain the services are named below. Your DNS server has to point these names to the VM."
  type        = string
  default     = "home.lan"
  nullable    = false
}

variable "loki_retention_days" {
  description = "Days after which Loki forgets logs."
  type        = number
  default     = 7
  nullable    = false
}

variable "prometheus_retention_days" {
  description = "Days after which Prometheus forgets metrics: 31 or more."
  type        = number
  default     = null
}

variable "tls_enabled" {
  description = "Whether the services are reached over HTTPS, with certificates of an authority made here, which devices have to import."
  type        = bool
  default     = false
  nullable    = false
}

variable "telegram_chat_id" {
  description = "Number of the Telegram chat that gets the alerts; null for none."
  type        = number
  default     = null
}

variable "telegram_api_url" {
  description = "Address of Telegram's API, for a proxy in front of it."
  type        = string
  default     = null
}

variable "images" {
  description = "Images of the services, by service, instead of the default ones."
  type        = map(string)
  default     = null
}

variable "pve_verify_ssl" {
  description = "Whether pve-exporter verifies the certificates of the Proxmox nodes."
  type        = bool
  default     = null
}

variable "pve_ca" {
  description = "Whether pve-exporter trusts the authority in secrets/pve-ca.pem instead of the public ones."
  type        = bool
  default     = null
}

# --- the VM -------------------------------------------------------------------

variable "name" {
  description = "Name of the VM; also its host name and the label of its logs."
  type        = string
  default     = "monitoring-stack"
  nullable    = false
}

variable "environment" {
  description = "Environment the VM belongs to; a part of snippet names."
  type        = string
  default     = "monitoring"
  nullable    = false
}

variable "description" {
  description = "Notes shown in Proxmox."
  type        = string
  default     = "Managed by Terraform"
  nullable    = false
}

variable "tags" {
  description = "Tags, kept as given; docker is added."
  type        = list(string)
  default     = ["monitoring"]
  nullable    = false
}

variable "node_name" {
  description = "Proxmox node the VM runs on. A changed value replaces it."
  type        = string
  nullable    = false
}

variable "vm_id" {
  description = "Number of the VM; null lets Proxmox choose the next free one."
  type        = number
  default     = null
}

variable "template_vmid" {
  description = "Number of the template to clone; null when image_file_id is given."
  type        = number
  default     = null
}

variable "template_node_name" {
  description = "Node the template is on, when it is not node_name."
  type        = string
  default     = null
}

variable "image_file_id" {
  description = "Cloud image to import, instead of a template. Read at creation only."
  type        = string
  default     = null
}

variable "cpu_cores" {
  description = "Number of CPU cores."
  type        = number
  default     = 2
  nullable    = false
}

variable "cpu_type" {
  description = "CPU model the guest sees."
  type        = string
  default     = null
}

variable "memory_mb" {
  description = "Memory in MiB."
  type        = number
  default     = 4096
  nullable    = false
}

variable "datastore_id" {
  description = "Storage for the disk and the cloud-init drive."
  type        = string
  default     = null
}

variable "disk_size_gb" {
  description = "Size of the disk in GiB, metrics and logs included; it can grow, never shrink."
  type        = number
  default     = 50
  nullable    = false
}

variable "disk_interface" {
  description = "Interface of the disk: that of the template's boot disk."
  type        = string
  default     = null
}

variable "bridge" {
  description = "Bridge of the network card."
  type        = string
  default     = null
}

variable "vlan_id" {
  description = "VLAN tag of the network card; null for none."
  type        = number
  default     = null
}

variable "mac_address" {
  description = "MAC address of the network card; null lets Proxmox choose one and keep it."
  type        = string
  default     = null
}

variable "ipv4" {
  description = "Static address with its prefix: names, logs and metrics all lead to it."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.ipv4)) && !startswith(var.ipv4, "0.")
    error_message = "ipv4 = \"${var.ipv4}\" is not an IPv4 address with its prefix, and \"dhcp\" would let it change: use for example ipv4 = \"192.168.1.51/24\"."
  }
}

variable "gateway" {
  description = "IPv4 gateway; null for a network without one."
  type        = string
  default     = null
}

variable "dns_servers" {
  description = "DNS servers; empty takes the node's."
  type        = list(string)
  default     = null
}

variable "dns_domain" {
  description = "DNS search domain; null takes the node's."
  type        = string
  default     = null
}

variable "ssh_keys" {
  description = "Public keys that may log in as ssh_user, besides the one of the health checks."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "ssh_user" {
  description = "User cloud-init creates, with sudo and ssh_keys."
  type        = string
  default     = null
}

variable "ssh_port" {
  description = "Port on which the VM's SSH server answers; recorded in the inventory, not configured."
  type        = number
  default     = null
}

variable "agent_timeout" {
  description = "How long a plan waits for a silent agent, at most 60 seconds."
  type        = string
  default     = null
}

variable "started" {
  description = "Whether the VM runs: false stops it, and leaves it off."
  type        = bool
  default     = null
}

variable "on_boot" {
  description = "Whether the VM starts with its node."
  type        = bool
  default     = null
}

variable "startup" {
  description = "Place in the node's start sequence (stopped in reverse), with seconds to wait after starting and for stopping."
  type = object({
    order      = number
    up_delay   = optional(number)
    down_delay = optional(number)
  })
  default = null
}

variable "protection" {
  description = "Whether Proxmox refuses to remove the VM or its disks; Terraform then cannot destroy it either."
  type        = bool
  default     = null
}

variable "stop_on_destroy" {
  description = "Whether destroy stops the VM at once instead of shutting it down first."
  type        = bool
  default     = null
}

variable "backup" {
  description = "Whether backup jobs include the VM; false also adds the tag nobackup, which silences the alert about it."
  type        = bool
  default     = null
}

variable "snippets" {
  description = <<-EOT
    Whether cloud-init installs packages, Docker and node-exporter, at the first boot only, from snippets that are
    uploaded over SSH to the node. With false the template has to bring them. Chosen once: a changed value replaces the
    VM.
  EOT
  type        = bool
  default     = null
}

variable "snippet_datastore_id" {
  description = "Storage of the snippets; content type Snippets has to be allowed there."
  type        = string
  default     = "local"
  nullable    = false
}

variable "packages" {
  description = "Packages to install, by their Debian or Ubuntu names."
  type        = list(string)
  default     = null
}

variable "auto_security_updates" {
  description = "Whether security updates install themselves (unattended-upgrades, never with a restart)."
  type        = bool
  default     = null
}

# --- firewall -----------------------------------------------------------------

variable "firewall_enabled" {
  description = "Whether the Proxmox firewall guards the VM. It takes effect once the firewall of the datacenter is on."
  type        = bool
  default     = null
}

variable "management_networks" {
  description = "Networks SSH and ping are always accepted from."
  type        = list(string)
  default     = null
}

variable "allowed_networks" {
  description = "Networks the firewall rules accept from, unless a rule names its own."
  type        = list(string)
  default     = null
}

variable "firewall_rules" {
  description = <<-EOT
    Rules after those for SSH and ping, for example one for each of the output `ports`. `dport` is a port, a range
    (8000:8010) or a list (80,443); `networks` are the senders (null: allowed_networks).
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
}
