# Callers pass null for what was not set: `nullable = false` turns that into the default.

# --- what there is ------------------------------------------------------------

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

variable "tls_enabled" {
  description = "Whether the services are reached over HTTPS alone, with the certificate of the output `certificates`."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.tls_enabled || var.traefik_enabled
    error_message = "tls_enabled = true with traefik_enabled = false: Traefik is what serves the certificates; use tls_enabled = false, or traefik_enabled = true."
  }
}

variable "log_agent" {
  description = "Program that sends the logs of the machine and of its containers to Loki: promtail or alloy."
  type        = string
  default     = "promtail"
  nullable    = false

  validation {
    condition     = contains(["promtail", "alloy"], var.log_agent)
    error_message = "log_agent = \"${var.log_agent}\" is not known: use promtail or alloy, for example log_agent = \"promtail\"."
  }
}

variable "node_exporter_container" {
  description = <<-EOT
    Whether node-exporter runs in a container, without network metrics, as it does on a laptop. With false the machine
    has it as a package of its distribution, on port 9100.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "uptime_kuma_metrics" {
  description = "Whether Prometheus reads the metrics of Uptime Kuma. They need an API key, the secret uptime-kuma-metrics-key."
  type        = bool
  default     = false
  nullable    = false
}

# --- settings -----------------------------------------------------------------

variable "domain_suffix" {
  description = "Domain the services are named below. Your DNS server has to point these names to the machine."
  type        = string
  default     = "home.lan"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$", var.domain_suffix)) && length(var.domain_suffix) <= 200
    error_message = "domain_suffix = \"${var.domain_suffix}\" is not a domain: use lower-case letters, digits, inner dashes and dots, without a dot in front, for example domain_suffix = \"home.lan\"."
  }
}

variable "loki_retention_days" {
  description = "Days after which Loki forgets logs."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.loki_retention_days >= 1 && var.loki_retention_days <= 3650 && floor(var.loki_retention_days) == var.loki_retention_days
    error_message = "loki_retention_days = ${var.loki_retention_days} is out of range: Loki keeps whole days, so use a whole number from 1 to 3650, for example loki_retention_days = 7."
  }
}

variable "prometheus_retention_days" {
  description = "Days after which Prometheus forgets metrics. At least 31: alerts compare with the month before."
  type        = number
  default     = 35
  nullable    = false

  validation {
    condition     = var.prometheus_retention_days >= 31 && var.prometheus_retention_days <= 3650 && floor(var.prometheus_retention_days) == var.prometheus_retention_days
    error_message = "prometheus_retention_days = ${var.prometheus_retention_days} is out of range: use a whole number from 31 to 3650, for example prometheus_retention_days = 35."
  }
}

variable "telegram_chat_id" {
  description = "Number of the Telegram chat that gets the alerts; null for none: then they are on Alertmanager's page alone."
  type        = number
  default     = null

  validation {
    condition     = var.telegram_chat_id == null ? true : var.telegram_chat_id != 0 && floor(var.telegram_chat_id) == var.telegram_chat_id
    error_message = "telegram_chat_id = ${jsonencode(var.telegram_chat_id)} is not the number of a chat: use a whole number, negative for a group, for example telegram_chat_id = -1001234567890."
  }
}

variable "telegram_api_url" {
  description = "Address of Telegram's API, for a proxy in front of it; null for https://api.telegram.org."
  type        = string
  default     = null

  validation {
    condition     = var.telegram_api_url == null ? true : can(regex("^https?://[^\\s/?#@]+(/[^\\s?#]*[^\\s?#/])?$", var.telegram_api_url))
    error_message = "telegram_api_url = ${jsonencode(var.telegram_api_url)} is not an address without a slash at its end: use for example telegram_api_url = \"https://api.telegram.org\"."
  }
}

variable "images" {
  description = "Images by service, instead of the default ones; the output `services` lists both."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, image in var.images : can(regex("^[a-z0-9][a-z0-9./_-]*(:[0-9]+/[a-z0-9./_-]+)?:[A-Za-z0-9_.-]+(@sha256:[0-9a-f]{64})?$", image))])
    error_message = "images = ${jsonencode(var.images)}: each image has a tag, for example images = { traefik = \"traefik:v3.7.9\" }."
  }

  validation {
    condition     = length(setsubtract(keys(var.images), ["alertmanager", "alloy", "docker-proxy", "grafana", "loki", "node-exporter", "prometheus", "promtail", "pve-exporter", "traefik", "uptime-kuma"])) == 0
    error_message = "images = ${jsonencode(var.images)} names a service that is not known: use alertmanager, alloy, docker-proxy, grafana, loki, node-exporter, prometheus, promtail, pve-exporter, traefik or uptime-kuma, for example images = { traefik = \"traefik:v3.7.9\" }."
  }
}

# --- the machine --------------------------------------------------------------

variable "hostname" {
  description = "Name of the machine: the label hostname of its logs, instance of its metrics."
  type        = string
  default     = "monitoring-stack"
  nullable    = false
}

variable "environment" {
  description = "Environment of the machine: a label of its logs and metrics. A guest of this environment and of the name hostname is the machine itself."
  type        = string
  default     = "monitoring"
  nullable    = false
}

variable "ip_address" {
  description = "Address at which other machines reach the published ports."
  type        = string
  default     = "127.0.0.1"
  nullable    = false

  validation {
    condition     = can(regex("^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$", var.ip_address))
    error_message = "ip_address = \"${var.ip_address}\" is not an address: use for example ip_address = \"192.168.1.51\"."
  }
}

variable "bind_address" {
  description = "Address of the machine at which ports are published; empty for all of them."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)?$", var.bind_address))
    error_message = "bind_address = \"${var.bind_address}\" is not an address: use for example bind_address = \"127.0.0.1\"."
  }
}

variable "ports" {
  description = "Published ports by the documented ones, for a machine where one of these is taken."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for port in values(var.ports) : port >= 1 && port <= 65535 && floor(port) == port])
    error_message = "ports = ${jsonencode(var.ports)} holds a port out of range: use 1 to 65535, for example ports = { \"80\" = 8081 }."
  }

  validation {
    condition     = length(setsubtract(keys(var.ports), ["80", "443", "3000", "3001", "3100", "8080", "9080", "9090", "9093", "9100", "9221"])) == 0
    error_message = "ports = ${jsonencode(var.ports)} names a port that no service has: use 80, 443, 3000, 3001, 3100, 8080, 9080, 9090, 9093, 9100 or 9221, for example ports = { \"80\" = 8081 }."
  }
}

variable "container_user" {
  description = "uid:gid of every container that reads a secret or writes data, and of those files."
  type        = string
  default     = "10001:10001"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{1,10}:[0-9]{1,10}$", var.container_user))
    error_message = "container_user = \"${var.container_user}\" is not two numbers, those of a user and a group: use for example container_user = \"10001:10001\"."
  }
}

variable "docker_socket" {
  description = "Docker's socket on the machine. Only docker-proxy gets it, which lets reading through."
  type        = string
  default     = "/var/run/docker.sock"
  nullable    = false

  validation {
    condition     = can(regex("^/[^\\s:]+$", var.docker_socket))
    error_message = "docker_socket = \"${var.docker_socket}\" is not a path from the root without a colon: use for example docker_socket = \"/var/run/docker.sock\"."
  }
}

variable "textfile_directory" {
  description = "Folder of the machine with metrics of other programs that node-exporter passes on: those of the health checks and others."
  type        = string
  default     = "/var/lib/prometheus/node-exporter"
  nullable    = false

  validation {
    condition     = can(regex("^/[^\\s:]+$", var.textfile_directory))
    error_message = "textfile_directory = \"${var.textfile_directory}\" is not a path from the root without a colon: use for example textfile_directory = \"/var/lib/prometheus/node-exporter\"."
  }
}

# --- what is watched ----------------------------------------------------------

variable "inventories" {
  description = "Outputs `inventory` of all environments (schema version 2): scrape targets and routes are made from them."
  type        = any
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for inventory in var.inventories : try(inventory.schema_version == 2 && inventory.environment != "", false)])
    error_message = "inventories = ${jsonencode([for inventory in var.inventories : { schema_version = try(inventory.schema_version, null), environment = try(inventory.environment, null) }])} holds something that is no inventory of schema version 2: apply that environment again, or use for example inventories = []."
  }
}

variable "pve_nodes" {
  description = "Proxmox nodes to watch besides those of the inventories, by name."
  type        = map(object({ address = string, api_port = optional(number, 8006) }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for node in values(var.pve_nodes) : node.api_port >= 1 && node.api_port <= 65535 && can(regex("^([^\\s/:@]+|[0-9a-fA-F:]+)$", node.address))])
    error_message = "pve_nodes = ${jsonencode(var.pve_nodes)}: each address is an address or a name without port, and each api_port is 1 to 65535, for example pve_nodes = { pve1 = { address = \"192.168.1.50\" } }."
  }
}

variable "pve_verify_ssl" {
  description = "Whether pve-exporter verifies the certificate of the nodes: verify_ssl in its secret, pve-exporter.yml."
  type        = bool
  default     = true
  nullable    = false
}

variable "pve_ca" {
  description = "Whether pve-exporter trusts the authority in secrets/pve-ca.pem instead of the public ones."
  type        = bool
  default     = false
  nullable    = false
}
