# The same file in every environment with guests. A guest's defaults are those of
# the modules (modules/vm/README.md, modules/lxc/README.md); the modules also check
# the values.

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
    SSH to the nodes, needed by guests with a snippet only: the user, whether to use an SSH agent, and
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

variable "root_login" {
  description = <<-EOT
    Whether Terraform logs in as root@pam with its password (PROXMOX_VE_USERNAME and PROXMOX_VE_PASSWORD), which
    Proxmox asks for some settings of containers: modules/lxc/README.md. `pve-home apply` uses an API token instead.
  EOT
  type        = bool
  default     = null
}

# --- what most guests share ---------------------------------------------------

variable "node_name" {
  description = "Node the guests run on."
  type        = string
  default     = "pve"
  nullable    = false
}

variable "tags" {
  description = "Tags of every guest."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "datastore_id" {
  description = "Storage of the guests' disks."
  type        = string
  default     = null
}

variable "template_vmid" {
  description = "Template the VMs are cloned from."
  type        = number
  default     = null
}

variable "template_node_name" {
  description = "Node that template is on, when it is another one."
  type        = string
  default     = null
}

variable "disk_interface" {
  description = "Interface of the VMs' first disk: that of the template's boot disk."
  type        = string
  default     = null
}

variable "image_file_id" {
  description = "Cloud image the VMs are made from, instead of a template, when a storage has it already."
  type        = string
  default     = null
}

variable "image_url" {
  description = <<-EOT
    Cloud image the VMs are made from, which their node downloads once. Read when a VM is created: another address, or
    another image at that address, changes no VM that exists.
  EOT
  type        = string
  default     = null

  validation {
    condition     = alltrue([for url in concat([var.image_url], values(var.vms)[*].image_url) : can(regex("^https?://[^/ ?#]+/[^ ?#]*[^/ ?#]\\.(qcow2|img|raw|vmdk)$", url)) if url != null])
    error_message = "image_url = ${jsonencode(var.image_url)}, of vms ${jsonencode({ for name, vm in var.vms : name => vm.image_url })}: each is an address that ends in .qcow2, .img, .raw or .vmdk, for example image_url = \"https://cloud.debian.org/images/cloud/trixie/latest/debian-13-genericcloud-amd64.qcow2\"."
  }

  validation {
    condition     = length([for source in [var.template_vmid, var.image_file_id, var.image_url] : source if source != null]) <= 1
    error_message = "template_vmid = ${jsonencode(var.template_vmid)}, image_file_id = ${jsonencode(var.image_file_id)} and image_url = ${jsonencode(var.image_url)}: one of them says where disks come from, for example template_vmid = 9000."
  }
}

variable "image_checksum" {
  description = "Checksum of that image; not for an address whose content changes, as those with `latest` do."
  type        = string
  default     = null

  validation {
    condition     = alltrue([for checksum in concat([var.image_checksum, var.container_template_checksum], values(var.vms)[*].image_checksum, values(var.containers)[*].template_checksum) : can(regex("^(md5:[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha224:[0-9a-f]{56}|sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$", checksum)) if checksum != null])
    error_message = "image_checksum = ${jsonencode(var.image_checksum)}, container_template_checksum = ${jsonencode(var.container_template_checksum)}, of vms ${jsonencode({ for name, vm in var.vms : name => vm.image_checksum })}, of containers ${jsonencode({ for name, container in var.containers : name => container.template_checksum })}: each is an algorithm (md5, sha1, sha224, sha256, sha384, sha512), a colon and all of its lower-case hexadecimal digits, for example image_checksum = \"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"."
  }

  validation {
    condition     = (var.image_checksum == null || var.image_url != null) && alltrue([for vm in values(var.vms) : vm.image_checksum == null || vm.image_url != null]) && length(distinct([for vm in values(var.vms) : vm.image_url if vm.image_checksum != null])) == length(distinct([for vm in values(var.vms) : [vm.image_url, vm.image_checksum] if vm.image_checksum != null]))
    error_message = "image_checksum = ${jsonencode(var.image_checksum)}, of vms ${jsonencode({ for name, vm in var.vms : name => vm.image_checksum })}: each goes with an image_url, and one address has one checksum; give the image_url too, or use image_checksum = null."
  }
}

variable "container_template_file_id" {
  description = "Template the containers are made from, when a storage has it already."
  type        = string
  default     = null

  validation {
    condition     = var.container_template_file_id != null || var.container_template_url != null || alltrue([for container in values(var.containers) : container.template_file_id != null || container.template_url != null])
    error_message = "container_template_file_id = null, and some container has no template_file_id or template_url of its own: name one, as listed by `pveam list local`, for example container_template_file_id = \"local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst\"."
  }

  validation {
    condition     = (var.container_template_file_id == null || var.container_template_url == null) && alltrue([for container in values(var.containers) : container.template_file_id == null || container.template_url == null])
    error_message = "container_template_file_id = ${jsonencode(var.container_template_file_id)} and container_template_url = ${jsonencode(var.container_template_url)}, or both of one container: one of them says what containers are made from, for example container_template_file_id = \"local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst\"."
  }
}

variable "container_template_url" {
  description = <<-EOT
    Template the containers are made from, which their node downloads once. Another address changes no container that
    exists; a container's own template_url does: it replaces the container.
  EOT
  type        = string
  default     = null

  validation {
    condition     = alltrue([for url in concat([var.container_template_url], values(var.containers)[*].template_url) : can(regex("^https?://[^/ ?#]+/[^ ?#]*[^/ ?#]\\.tar\\.(gz|xz|zst)$", url)) if url != null])
    error_message = "container_template_url = ${jsonencode(var.container_template_url)}, of containers ${jsonencode({ for name, container in var.containers : name => container.template_url })}: each is an address that ends in .tar.gz, .tar.xz or .tar.zst, for example container_template_url = \"http://download.proxmox.com/images/system/debian-13-standard_13.1-2_amd64.tar.zst\"."
  }
}

variable "container_template_checksum" {
  description = "Checksum of that template."
  type        = string
  default     = null
}

variable "container_os_type" {
  description = "Distribution in that template."
  type        = string
  default     = null
}

variable "download_datastore_id" {
  description = "Storage of downloaded images and templates. A new Proxmox does not allow images there: `pvesm set local --content backup,iso,vztmpl,import,snippets`."
  type        = string
  default     = "local"
  nullable    = false
}

variable "bridge" {
  description = "Bridge of the guests' network cards."
  type        = string
  default     = null
}

variable "vlan_id" {
  description = "VLAN of the guests' network cards."
  type        = number
  default     = null
}

variable "gateway" {
  description = "Gateway of guests with a static address."
  type        = string
  default     = null
}

variable "dns_servers" {
  description = "DNS servers of the guests."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "dns_domain" {
  description = "DNS search domain of the guests."
  type        = string
  default     = null
}

variable "ssh_keys" {
  description = "Public keys that may log in to every guest."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "ssh_user" {
  description = "User cloud-init creates on the VMs; containers have root."
  type        = string
  default     = null
}

variable "ssh_port" {
  description = "Port the guests' SSH servers answer on."
  type        = number
  default     = 22
  nullable    = false
}

variable "expiration_days" {
  description = "Days after which a guest may be stopped; null for never."
  type        = number
  default     = null
}

# --- inside the guests --------------------------------------------------------

variable "snippets" {
  description = <<-EOT
    Whether VMs get packages, Docker and agents at their first boot, and only then, as cloud-init snippets. Needs SSH to
    the node (node_ssh) as root or a user with sudo and no password for it, with a key in an SSH agent or in
    PROXMOX_VE_SSH_PRIVATE_KEY, and a storage that takes snippets. Choose before the first apply: a changed value replaces the VMs.
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
  description = "Packages of every guest; nothing installs them in containers yet."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "auto_security_updates" {
  description = "Whether security updates install themselves; nothing sets that up in containers yet."
  type        = bool
  default     = false
  nullable    = false
}

# --- monitoring ---------------------------------------------------------------

variable "node_exporter" {
  description = "Whether VMs serve their metrics on port 9100; a container only where it says so itself."
  type        = bool
  default     = true
  nullable    = false
}

variable "loki_url" {
  description = "Where logs go: Loki of the monitoring VM; empty for nowhere."
  type        = string
  default     = "http://192.168.1.51:3100"
  nullable    = false
}

variable "log_agent" {
  description = "Which program ships the logs: promtail or alloy."
  type        = string
  default     = null
}

variable "promtail_scrape_configs" {
  description = "Further scrape_configs of Promtail: by name of a VM, a list."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.promtail_scrape_configs)) && length(setsubtract(try(keys(var.promtail_scrape_configs), []), keys(var.vms))) == 0
    error_message = "promtail_scrape_configs = ${jsonencode(var.promtail_scrape_configs)}: lists of scrape_configs by name of one of vms (${join(", ", keys(var.vms))}), for example promtail_scrape_configs = { web = [{ job_name = \"nginx\" }] }."
  }
}

variable "health_check_public_key" {
  description = "Key of the monitoring VM's health checks: the output health_check_public_key of environments/monitoring."
  type        = string
  default     = null
}

# --- firewall -----------------------------------------------------------------

variable "firewall_enabled" {
  description = "Whether the Proxmox firewall guards the guests. It takes effect once the firewall of the datacenter is on."
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
  description = "Networks the firewall rules accept from, unless a rule names its own."
  type        = list(string)
  default     = null
}

# --- backups ------------------------------------------------------------------

variable "backup" {
  description = "The backup job of the guests here, those with backup = false left out; null for none. Defaults: modules/backup/README.md."
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

# --- what exists --------------------------------------------------------------

variable "vms" {
  description = "The VMs, by name. Everything may be left out but a template or an image, here or above."
  type = map(object({
    description           = optional(string)
    tags                  = optional(list(string), [])
    node_name             = optional(string)
    vm_id                 = optional(number)
    template_vmid         = optional(number)
    image_file_id         = optional(string)
    image_url             = optional(string)
    image_checksum        = optional(string)
    cpu_cores             = optional(number)
    cpu_type              = optional(string)
    memory_mb             = optional(number)
    ballooning            = optional(bool)
    datastore_id          = optional(string)
    disk_size_gb          = optional(number)
    disk_interface        = optional(string)
    data_disks            = optional(list(object({ size_gb = number, datastore_id = optional(string), backup = optional(bool) })))
    bridge                = optional(string)
    vlan_id               = optional(number)
    mac_address           = optional(string)
    ipv4                  = optional(string, "dhcp")
    gateway               = optional(string)
    ssh_user              = optional(string)
    ssh_port              = optional(number)
    ssh_keys              = optional(list(string), [])
    agent_enabled         = optional(bool)
    agent_timeout         = optional(string)
    started               = optional(bool)
    on_boot               = optional(bool)
    startup               = optional(object({ order = number, up_delay = optional(number), down_delay = optional(number) }))
    protection            = optional(bool)
    stop_on_destroy       = optional(bool)
    backup                = optional(bool)
    expiration_days       = optional(number)
    snippets              = optional(bool)
    packages              = optional(list(string), [])
    auto_security_updates = optional(bool)
    node_exporter         = optional(bool)
    docker                = optional(bool)
    firewall_enabled      = optional(bool)
    firewall_rules        = optional(list(object({ dport = optional(string), proto = optional(string), type = optional(string), action = optional(string), networks = optional(list(string)), comment = optional(string) })), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setintersection(keys(var.vms), keys(var.containers))) == 0
    error_message = "vms and containers both have ${jsonencode(setintersection(keys(var.vms), keys(var.containers)))}: every guest has a name of its own, for example containers = { web-lxc = {} }."
  }

  validation {
    condition     = length(distinct([for guest in concat(values(var.vms)[*].vm_id, values(var.containers)[*].vm_id) : guest if guest != null])) == length([for guest in concat(values(var.vms)[*].vm_id, values(var.containers)[*].vm_id) : guest if guest != null])
    error_message = "vm_id of vms and containers = ${jsonencode(merge({ for name, guest in var.vms : name => guest.vm_id }, { for name, guest in var.containers : name => guest.vm_id }))}: one number is used twice; every guest has its own, for example vm_id = 202."
  }

  validation {
    condition     = length(distinct([for mac in concat(values(var.vms)[*].mac_address, values(var.containers)[*].mac_address) : mac if mac != null])) == length([for mac in concat(values(var.vms)[*].mac_address, values(var.containers)[*].mac_address) : mac if mac != null])
    error_message = "mac_address of vms and containers = ${jsonencode(merge({ for name, guest in var.vms : name => guest.mac_address }, { for name, guest in var.containers : name => guest.mac_address }))}: one is used twice; every guest has its own, or leaves it to Proxmox, for example mac_address = \"BC:24:11:00:00:02\"."
  }

  validation {
    condition     = alltrue([for name, vm in var.vms : !contains(values(var.vms)[*].vm_id, coalesce(vm.template_vmid, var.template_vmid, 0)) && !contains(values(var.containers)[*].vm_id, coalesce(vm.template_vmid, var.template_vmid, 0))])
    error_message = "vm_id of vms and containers = ${jsonencode(merge({ for name, guest in var.vms : name => guest.vm_id }, { for name, guest in var.containers : name => guest.vm_id }))}: one of them is template_vmid, the number of a template; every guest has its own, for example vm_id = 201."
  }

  validation {
    condition     = length(distinct([for ipv4 in concat(values(var.vms)[*].ipv4, values(var.containers)[*].ipv4) : split("/", ipv4)[0] if ipv4 != "dhcp"])) == length([for ipv4 in concat(values(var.vms)[*].ipv4, values(var.containers)[*].ipv4) : ipv4 if ipv4 != "dhcp"])
    error_message = "ipv4 of vms and containers = ${jsonencode(merge({ for name, guest in var.vms : name => guest.ipv4 }, { for name, guest in var.containers : name => guest.ipv4 }))}: one address is used twice; every guest has its own, for example ipv4 = \"192.168.1.21/24\"."
  }
}

variable "containers" {
  description = "The containers, by name. Everything may be left out but a template, here or above."
  type = map(object({
    description           = optional(string)
    tags                  = optional(list(string), [])
    node_name             = optional(string)
    vm_id                 = optional(number)
    template_file_id      = optional(string)
    template_url          = optional(string)
    template_checksum     = optional(string)
    os_type               = optional(string)
    cpu_cores             = optional(number)
    memory_mb             = optional(number)
    swap_mb               = optional(number)
    datastore_id          = optional(string)
    disk_size_gb          = optional(number)
    mount_points          = optional(list(object({ path = string, size = string, volume = optional(string), backup = optional(bool), read_only = optional(bool) })))
    bind_mounts           = optional(list(object({ host_path = string, path = string, read_only = optional(bool) })))
    bridge                = optional(string)
    vlan_id               = optional(number)
    mac_address           = optional(string)
    ipv4                  = optional(string, "dhcp")
    gateway               = optional(string)
    ssh_user              = optional(string)
    ssh_port              = optional(number)
    ssh_keys              = optional(list(string), [])
    unprivileged          = optional(bool)
    nesting               = optional(bool)
    keyctl                = optional(bool)
    fuse                  = optional(bool)
    started               = optional(bool)
    on_boot               = optional(bool)
    startup               = optional(object({ order = number, up_delay = optional(number), down_delay = optional(number) }))
    protection            = optional(bool)
    docker                = optional(bool)
    backup                = optional(bool)
    expiration_days       = optional(number)
    packages              = optional(list(string), [])
    auto_security_updates = optional(bool)
    node_exporter         = optional(bool)
    firewall_enabled      = optional(bool)
    firewall_rules        = optional(list(object({ dport = optional(string), proto = optional(string), type = optional(string), action = optional(string), networks = optional(list(string)), comment = optional(string) })), [])
  }))
  default  = {}
  nullable = false
}

variable "services" {
  description = <<-EOT
    Services of the inventory, by name, checked by `pve-home health`: `kind` (http, minio, prometheus, …), `url`, the
    `guest` it runs on (null: none of ours), `health_path`, which answers 200 while it is well (null: any answer of
    url below 500 is well). For the monitoring stack `host`, its name below the domain there (null: none), `port`,
    where it listens on its guest (null: that of url), `scrape`, where its metrics are (path, port, job; null:
    nowhere), and `monitor`, whether Uptime Kuma watches it.
  EOT
  type = map(object({
    kind        = string
    url         = string
    guest       = optional(string)
    health_path = optional(string)
    host        = optional(string)
    port        = optional(number)
    scrape      = optional(object({ path = optional(string, "/metrics"), port = optional(number), job = optional(string) }))
    monitor     = optional(bool, true)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for service in values(var.services) : can(regex("^[a-z][a-z0-9-]*$", service.kind))])
    error_message = "services[*].kind = ${jsonencode({ for name, service in var.services : name => service.kind })}: each is a lower-case word, for example kind = \"http\"."
  }

  validation {
    condition     = alltrue([for service in values(var.services) : can(regex("^https?://[^\\s/?#@]+(/[^\\s?#]*)?$", service.url))])
    error_message = "services[*].url = ${jsonencode({ for name, service in var.services : name => service.url })}: each is an http or https address without user and query, for example url = \"http://192.168.1.20:8080\"."
  }

  validation {
    condition     = alltrue([for service in values(var.services) : service.health_path == null ? true : can(regex("^/[^\\s#]*$", service.health_path))])
    error_message = "services[*].health_path = ${jsonencode({ for name, service in var.services : name => service.health_path })}: each begins with a slash and has no spaces, for example health_path = \"/healthz\"."
  }

  validation {
    condition     = alltrue([for service in values(var.services) : service.guest == null ? true : contains(concat(keys(var.vms), keys(var.containers)), service.guest)])
    error_message = "services[*].guest = ${jsonencode({ for name, service in var.services : name => service.guest })}: each is one of vms or containers (${join(", ", concat(keys(var.vms), keys(var.containers)))}), or left out, for example guest = \"web\"."
  }

  validation {
    condition     = length(distinct([for service in values(var.services) : service.host if service.host != null])) == length([for service in values(var.services) : service.host if service.host != null]) && alltrue([for service in values(var.services) : service.host == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", service.host))])
    error_message = "services[*].host = ${jsonencode({ for name, service in var.services : name => service.host })}: each is a name of its own without domain, of lower-case letters, digits and -, for example host = \"site\"."
  }

  validation {
    condition     = alltrue([for port in flatten([for service in values(var.services) : [service.port, try(service.scrape.port, null)]]) : port == null ? true : port >= 1 && port <= 65535])
    error_message = "services[*] has ports ${jsonencode({ for name, service in var.services : name => [service.port, try(service.scrape.port, null)] })}: each is 1 to 65535, for example port = 8080."
  }

  validation {
    condition     = alltrue([for service in values(var.services) : service.scrape == null ? true : can(regex("^/[^\\s#]*$", service.scrape.path)) && service.scrape.job != ""])
    error_message = "services[*].scrape = ${jsonencode({ for name, service in var.services : name => service.scrape })}: each path begins with a slash, and no job is empty, for example scrape = { path = \"/metrics\", port = 9100 }."
  }
}
