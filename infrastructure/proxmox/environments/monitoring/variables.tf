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

variable "nodes" {
  description = <<-EOT
    What metrics need of the Proxmox nodes, by name: `address` of the API (null: that in node_ssh), `api_port`, and
    `node_exporter`, whether it runs on the node, where nothing here installs it. Nodes of guests need no entry.
  EOT
  type = map(object({
    address       = optional(string)
    api_port      = optional(number, 8006)
    node_exporter = optional(bool, false)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for node in values(var.nodes) : node.api_port >= 1 && node.api_port <= 65535 && (node.address == null ? true : can(regex("^([^\\s/:@]+|[0-9a-fA-F:]+)$", node.address)))])
    error_message = "nodes = ${jsonencode(var.nodes)}: each address is an address or a name without port, and each api_port is 1 to 65535, for example nodes = { pve1 = { address = \"192.168.1.50\" } }."
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

variable "disk_interface" {
  description = "Interface of the disk: that of the template's boot disk."
  type        = string
  default     = null
}

variable "image_file_id" {
  description = "Cloud image the VM is made from, instead of a template, when a storage has it already."
  type        = string
  default     = null
}

variable "image_url" {
  description = <<-EOT
    Cloud image the VM is made from, which its node downloads. Read when the VM is created: another address, or another
    image at that address, does not change it.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.image_url == null ? true : can(regex("^https?://[^/ ?#]+/[^ ?#]*[^/ ?#]\\.(qcow2|img|raw|vmdk)$", var.image_url))
    error_message = "image_url = ${jsonencode(var.image_url)} is not an address that ends in .qcow2, .img, .raw or .vmdk: use for example image_url = \"https://cloud.debian.org/images/cloud/trixie/latest/debian-13-genericcloud-amd64.qcow2\"."
  }

  validation {
    condition     = length([for source in [var.template_vmid, var.image_file_id, var.image_url] : source if source != null]) <= 1
    error_message = "template_vmid = ${jsonencode(var.template_vmid)}, image_file_id = ${jsonencode(var.image_file_id)} and image_url = ${jsonencode(var.image_url)}: one of them says where the disk comes from, for example template_vmid = 9000."
  }
}

variable "image_checksum" {
  description = "Checksum of that image; not for an address whose content changes, as those with `latest` do."
  type        = string
  default     = null

  validation {
    condition     = var.image_checksum == null ? true : var.image_url != null && can(regex("^(md5:[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha224:[0-9a-f]{56}|sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$", var.image_checksum))
    error_message = "image_checksum = ${jsonencode(var.image_checksum)} goes with an image_url, and is an algorithm (md5, sha1, sha224, sha256, sha384, sha512), a colon and all of its lower-case hexadecimal digits, for example image_checksum = \"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"."
  }
}

variable "download_datastore_id" {
  description = "Storage of downloaded images and templates. A new Proxmox does not allow images there: `pvesm set local --content backup,iso,vztmpl,import,snippets`."
  type        = string
  default     = "local"
  nullable    = false
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
    Whether the VM gets packages and Docker at its first boot, and only then, as cloud-init snippets. Needs SSH to the
    node (node_ssh) as root or a user with sudo and no password for it, with a key in an SSH agent or in
    PROXMOX_VE_SSH_PRIVATE_KEY, and a storage that takes snippets. Choose before the first apply: a changed value replaces the VM.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "snippet_datastore_id" {
  description = "Storage of the snippets, local unless you say so. A new Proxmox does not allow them there: `pvesm set local --content backup,iso,vztmpl,import,snippets`."
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

variable "uptime_kuma_metrics" {
  description = "Whether Prometheus reads the metrics of Uptime Kuma, with an API key made there."
  type        = bool
  default     = null
}

variable "log_agent" {
  description = "Program that sends the logs of the VM to Loki: promtail unless you say alloy."
  type        = string
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

variable "prometheus_retention_days" {
  description = "Days after which Prometheus forgets metrics: 31 or more, 35 unless you say so."
  type        = number
  default     = null
}

variable "telegram_chat_id" {
  description = "Number of the Telegram chat that gets the alerts, negative for a group; null for none. The token of the bot is a secret, and not said here."
  type        = number
  default     = null
}

variable "telegram_api_url" {
  description = "Address of Telegram's API, for a proxy in front of it."
  type        = string
  default     = null
}

variable "images" {
  description = "Images of the services, by service, instead of the default ones: { traefik = \"traefik:v3.7.9\" }."
  type        = map(string)
  default     = null
}

variable "pve_verify_ssl" {
  description = "Whether pve-exporter verifies the certificates of the Proxmox nodes, true unless you say so."
  type        = bool
  default     = null
}

variable "pve_ca" {
  description = "Whether pve-exporter trusts the authority in secrets/pve-ca.pem, as of a new Proxmox, instead of the public ones."
  type        = bool
  default     = null
}

variable "tls_enabled" {
  description = "Whether the services are reached over HTTPS, by an authority of your own."
  type        = bool
  default     = null
}

# --- the state store ----------------------------------------------------------

variable "minio" {
  description = <<-EOT
    An S3 store for the state of the other environments, in a container; null for none. Made from `template_file_id`, or
    from `template_url`, which the node downloads. What is left out is as for the VM, or has its default in
    modules/minio/README.md, which also says what is still to be done by hand.
  EOT
  type = object({
    ipv4                  = string
    template_file_id      = optional(string)
    template_url          = optional(string)
    template_checksum     = optional(string)
    os_type               = optional(string)
    name                  = optional(string, "minio")
    description           = optional(string)
    tags                  = optional(list(string))
    container_id          = optional(number)
    node_name             = optional(string)
    minio_version         = optional(string)
    minio_url             = optional(string)
    minio_sha256          = optional(string)
    root_user             = optional(string)
    root_password         = optional(string)
    buckets               = optional(list(object({ name = string, versioning = optional(bool) })))
    api_port              = optional(number)
    console_port          = optional(number)
    data_path             = optional(string)
    data_size_gb          = optional(number)
    data_datastore_id     = optional(string)
    cpu_cores             = optional(number)
    memory_mb             = optional(number)
    datastore_id          = optional(string)
    disk_size_gb          = optional(number)
    bridge                = optional(string)
    vlan_id               = optional(number)
    gateway               = optional(string)
    ssh_port              = optional(number)
    started               = optional(bool)
    on_boot               = optional(bool)
    startup               = optional(object({ order = number, up_delay = optional(number), down_delay = optional(number) }))
    protection            = optional(bool)
    backup                = optional(bool)
    packages              = optional(list(string))
    auto_security_updates = optional(bool)
    node_exporter         = optional(bool)
    firewall_enabled      = optional(bool)
    firewall_rules        = optional(list(object({ dport = optional(string), proto = optional(string), type = optional(string), action = optional(string), networks = optional(list(string)), comment = optional(string) })))
  })
  default = null

  validation {
    condition     = var.minio == null ? true : (var.minio.template_file_id == null) != (var.minio.template_url == null)
    error_message = "minio has template_file_id = ${jsonencode(try(var.minio.template_file_id, null))} and template_url = ${jsonencode(try(var.minio.template_url, null))}: exactly one of them says what the container is made from, for example template_file_id = \"local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst\"."
  }

  validation {
    condition     = try(var.minio.template_url, null) == null ? true : can(regex("^https?://[^/ ?#]+/[^ ?#]*[^/ ?#]\\.tar\\.(gz|xz|zst)$", var.minio.template_url))
    error_message = "minio has template_url = ${jsonencode(try(var.minio.template_url, null))}, which is not an address that ends in .tar.gz, .tar.xz or .tar.zst: use for example template_url = \"http://download.proxmox.com/images/system/debian-13-standard_13.1-2_amd64.tar.zst\"."
  }

  validation {
    condition     = try(var.minio.template_checksum, null) == null ? true : var.minio.template_url != null && can(regex("^(md5:[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha224:[0-9a-f]{56}|sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$", var.minio.template_checksum))
    error_message = "minio has template_checksum = ${jsonencode(try(var.minio.template_checksum, null))}, which goes with a template_url, and is an algorithm (md5, sha1, sha224, sha256, sha384, sha512), a colon and all of its lower-case hexadecimal digits: use for example template_checksum = \"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"."
  }

  validation {
    condition     = var.minio == null ? true : !contains(concat(["alertmanager", "alloy", "grafana", "loki", "node-exporter", "prometheus", "promtail", "pve-exporter", "traefik", "uptime-kuma"], [coalesce(var.name, "monitoring-stack")]), var.minio.name)
    error_message = "minio has name = ${jsonencode(try(var.minio.name, null))}, which the VM or a service of it has: use for example name = \"minio\"."
  }
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
  description = "The backup job of the VM and of minio, if it is there; null for none. Defaults: modules/backup/README.md."
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
