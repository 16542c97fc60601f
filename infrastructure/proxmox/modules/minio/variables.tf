# Environments pass null for what the user left out, and `nullable = false` turns that
# into the default. What is handed on to module lxc, which makes the container, has its
# default and its check there: null here.

# --- MinIO --------------------------------------------------------------------

variable "minio_version" {
  description = "Release of MinIO. The default is the last one of which its makers published a program."
  type        = string
  default     = "RELEASE.2025-09-07T16-13-09Z"
  nullable    = false

  validation {
    condition     = can(regex("^RELEASE\\.[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}Z$", var.minio_version))
    error_message = "minio_version = \"${var.minio_version}\" is not a release of MinIO: use for example minio_version = \"RELEASE.2025-09-07T16-13-09Z\"."
  }
}

variable "minio_url" {
  description = "Where the program is downloaded from; {version} stands for minio_version. dl.min.io has nothing any more."
  type        = string
  default     = "https://github.com/minio/minio/releases/download/{version}/minio.linux-amd64.{version}"
  nullable    = false

  validation {
    condition     = can(regex("^https://[^/ ]+/[^ ?#]+$", var.minio_url)) && !can(regex("^https://dl\\.min(\\.io|io\\.io)/", var.minio_url))
    error_message = "minio_url = \"${var.minio_url}\" is not an https address of a file, or is at dl.min.io, which answers 410 since September 2026: use for example minio_url = \"https://mirror.home.arpa/minio.linux-amd64.{version}\"."
  }
}

variable "minio_sha256" {
  description = "SHA-256 of that program; change it with the version."
  type        = string
  default     = "7c5bd8512c6e966455b1d198209358b2d191c77a83ab377c4073281065fb855f"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.minio_sha256))
    error_message = "minio_sha256 = \"${var.minio_sha256}\" is not a SHA-256: use the 64 lower-case hexadecimal digits sha256sum prints, for example minio_sha256 = \"7c5bd8512c6e966455b1d198209358b2d191c77a83ab377c4073281065fb855f\"."
  }
}

# sensitive: no message shows a secret that is written here by mistake.
variable "root_user" {
  description = "Reference to the name of MinIO's root user: env:NAME, file:PATH or cmd:COMMAND."
  type        = string
  default     = "env:MINIO_ROOT_USER"
  nullable    = false
  sensitive   = true

  validation {
    condition     = can(regex("^(env:[A-Za-z_][A-Za-z0-9_]*|file:[^ ].*|cmd:[^ ].*)$", var.root_user))
    error_message = "root_user is not a reference (its value is not shown): use env:NAME, file:PATH or cmd:COMMAND, for example root_user = \"env:MINIO_ROOT_USER\"."
  }
}

variable "root_password" {
  description = "Reference to the password of MinIO's root user; its value has at least 8 characters."
  type        = string
  default     = "env:MINIO_ROOT_PASSWORD"
  nullable    = false
  sensitive   = true

  validation {
    condition     = can(regex("^(env:[A-Za-z_][A-Za-z0-9_]*|file:[^ ].*|cmd:[^ ].*)$", var.root_password))
    error_message = "root_password is not a reference (its value is not shown): use env:NAME, file:PATH or cmd:COMMAND, for example root_password = \"file:/etc/pve-home/minio-password\"."
  }
}

variable "buckets" {
  description = "Buckets to make; with versioning an overwritten or deleted object can be had back."
  type = list(object({
    name       = string
    versioning = optional(bool, true)
  }))
  default  = [{ name = "tfstate" }]
  nullable = false

  validation {
    condition     = alltrue([for bucket in var.buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket.name)) && !strcontains(bucket.name, "..")]) && length(distinct(var.buckets[*].name)) == length(var.buckets)
    error_message = "buckets[*].name = ${jsonencode(var.buckets[*].name)}: each once, of 3 to 63 lower-case letters, digits, dots and dashes, for example buckets = [{ name = \"tfstate\" }]."
  }
}

variable "api_port" {
  description = "Port of the S3 API."
  type        = number
  default     = 9000
  nullable    = false

  validation {
    condition     = var.api_port >= 1024 && var.api_port <= 65535 && floor(var.api_port) == var.api_port
    error_message = "api_port = ${var.api_port} is out of range: MinIO runs without root, so use a whole number from 1024 to 65535, for example api_port = 9000."
  }
}

variable "console_port" {
  description = "Port of the web console."
  type        = number
  default     = 9001
  nullable    = false

  validation {
    condition     = var.console_port >= 1024 && var.console_port <= 65535 && floor(var.console_port) == var.console_port && var.console_port != var.api_port
    error_message = "console_port = ${var.console_port} is out of range, or the same as api_port: use another whole number from 1024 to 65535, for example console_port = 9001."
  }
}

variable "data_path" {
  description = "Where the data volume is mounted. A changed value mounts the same volume elsewhere, with a restart."
  type        = string
  default     = "/srv/minio"
  nullable    = false

  validation {
    condition     = can(regex("^/[A-Za-z0-9_./-]+[A-Za-z0-9_-]$", var.data_path))
    error_message = "data_path = \"${var.data_path}\" is not an absolute path of plain characters: use for example data_path = \"/srv/minio\"."
  }
}

variable "data_size_gb" {
  description = "Size of the data volume in GiB. A changed value replaces the container, data included: grow it in Proxmox first."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition     = var.data_size_gb >= 1 && var.data_size_gb <= 65536 && floor(var.data_size_gb) == var.data_size_gb && var.data_size_gb % 1024 != 0
    error_message = "data_size_gb = ${var.data_size_gb} is out of range: use a whole number of GiB from 1 to 65536 that is no multiple of 1024 (which Proxmox writes back in T, and every plan would replace the container), for example data_size_gb = 50."
  }
}

variable "data_datastore_id" {
  description = "Storage of the data volume; null: datastore_id."
  type        = string
  default     = null
}

# --- the container ------------------------------------------------------------

variable "name" {
  description = "Name of the container and of the service; also the host name."
  type        = string
  default     = "minio"
  nullable    = false
}

variable "description" {
  description = "Notes shown in Proxmox."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags, kept as given."
  type        = list(string)
  default     = null
}

variable "node_name" {
  description = "Proxmox node the container runs on. A changed value replaces it."
  type        = string
  nullable    = false
}

variable "container_id" {
  description = "Number of the container; null lets Proxmox choose the next free one."
  type        = number
  default     = null
}

variable "template_file_id" {
  description = "Container template on the node, as `pveam list local` shows it. A changed value replaces the container."
  type        = string
  nullable    = false
}

variable "os_type" {
  description = "Distribution inside; tells Proxmox how to set up the network, and us how to install updates."
  type        = string
  default     = null
}

variable "cpu_cores" {
  description = "Number of CPU cores."
  type        = number
  default     = 2
  nullable    = false
}

variable "memory_mb" {
  description = "Memory in MiB."
  type        = number
  default     = 1024
  nullable    = false
}

variable "datastore_id" {
  description = "Storage for the root disk and, unless they say otherwise, the mount points. A changed value replaces the container."
  type        = string
  default     = null
}

variable "disk_size_gb" {
  description = "Size of the root disk in GiB. It can grow; a smaller one is refused when it is applied."
  type        = number
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

variable "ipv4" {
  description = "Static address with its prefix: a store has to stay where its users look for it."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.ipv4))
    error_message = "ipv4 = \"${var.ipv4}\" is not an IPv4 address with its prefix: use for example ipv4 = \"192.168.1.52/24\"."
  }
}

variable "gateway" {
  description = "IPv4 gateway of a static address; null for a network without one."
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
  description = "Public keys for root, set when the container is created. A later change does not reach it."
  type        = list(string)
  default     = null
}

variable "ssh_port" {
  description = "Port on which the guest's SSH server answers; recorded in the inventory, not configured."
  type        = number
  default     = null
}

variable "started" {
  description = "Whether the container runs: false stops it, and leaves it off."
  type        = bool
  default     = null
}

variable "on_boot" {
  description = "Whether the container starts with its node."
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
  default = { order = 1 }
}

variable "protection" {
  description = "Whether Proxmox refuses to remove the container or its disks; Terraform then cannot destroy it either."
  type        = bool
  default     = null
}

variable "backup" {
  description = "Whether backup jobs include the container; false also adds the tag nobackup, which silences the alert about it."
  type        = bool
  default     = null
}

variable "packages" {
  description = "Packages to install, by their Debian or Ubuntu names."
  type        = list(string)
  default     = null
}

variable "auto_security_updates" {
  description = "Whether security updates install themselves; on ubuntu and debian only."
  type        = bool
  default     = null
}

variable "node_exporter" {
  description = "Whether the guest serves its metrics on port 9100, systemd units and text files included; on ubuntu and debian only."
  type        = bool
  default     = null
}

variable "firewall_enabled" {
  description = "Whether the Proxmox firewall guards the container. It takes effect once the firewall of the datacenter is on."
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
    Further rules, after those for SSH, ping, S3 and console. `dport` is a port, a range (8000:8010) or a list (80,443); `networks`
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
}
