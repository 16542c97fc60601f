# Every default is written here, once: environments pass null for what the user
# left out, and `nullable = false` turns that into the default.

# --- identity -----------------------------------------------------------------

variable "name" {
  description = "Name of the container; also its host name, so a valid DNS label."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "name = \"${var.name}\" is not a DNS label: use lower-case letters, digits and inner dashes, at most 63, for example name = \"dns-1\"."
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
    error_message = "${var.name}: tags = ${jsonencode(var.tags)} holds a tag Proxmox refuses or rewrites: use lower-case letters, digits and _ + . - only, for example tags = [\"dns\", \"expires-2026-12-31\"]."
  }
}

variable "node_name" {
  description = "Proxmox node the container runs on. A changed value replaces it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$", var.node_name))
    error_message = "${var.name}: node_name = \"${var.node_name}\" is not a node name: use the name shown in Proxmox, for example node_name = \"pve1\"."
  }
}

variable "vm_id" {
  description = "Number of the container; null lets Proxmox choose the next free one."
  type        = number
  default     = null

  validation {
    condition     = var.vm_id == null ? true : var.vm_id >= 100 && var.vm_id <= 999999999 && floor(var.vm_id) == var.vm_id
    error_message = "${var.name}: vm_id = ${jsonencode(var.vm_id)} is not a guest number: use a whole number from 100 to 999999999, for example vm_id = 201."
  }
}

# --- content ------------------------------------------------------------------

variable "template_file_id" {
  description = "Container template on the node, as `pveam list local` shows it. A changed value replaces the container."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+:vztmpl/[^/]+\\.tar\\.(gz|xz|zst)$", var.template_file_id))
    error_message = "${var.name}: template_file_id = \"${var.template_file_id}\" is not a container template: use STORAGE:vztmpl/FILE ending in .tar.gz, .tar.xz or .tar.zst, for example template_file_id = \"local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst\"."
  }
}

variable "os_type" {
  description = "Distribution inside; tells Proxmox how to set up the network, and us how to install updates."
  type        = string
  default     = "debian"
  nullable    = false

  validation {
    condition     = contains(["alpine", "archlinux", "centos", "debian", "devuan", "fedora", "gentoo", "nixos", "opensuse", "ubuntu", "unmanaged"], var.os_type)
    error_message = "${var.name}: os_type = \"${var.os_type}\" is unknown to Proxmox: use alpine, archlinux, centos, debian, devuan, fedora, gentoo, nixos, opensuse, ubuntu or unmanaged, for example os_type = \"debian\"."
  }
}

# --- size ---------------------------------------------------------------------

variable "cpu_cores" {
  description = "Number of CPU cores."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.cpu_cores >= 1 && var.cpu_cores <= 128 && floor(var.cpu_cores) == var.cpu_cores
    error_message = "${var.name}: cpu_cores = ${var.cpu_cores} is out of range: use a whole number from 1 to 128, for example cpu_cores = 1."
  }
}

variable "memory_mb" {
  description = "Memory in MiB."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory_mb >= 16 && var.memory_mb <= 4194304 && floor(var.memory_mb) == var.memory_mb
    error_message = "${var.name}: memory_mb = ${var.memory_mb} is out of range: use MiB, a whole number from 16 to 4194304, for example memory_mb = 512."
  }
}

variable "swap_mb" {
  description = "Swap in MiB; 0 for none."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.swap_mb >= 0 && var.swap_mb <= 4194304 && floor(var.swap_mb) == var.swap_mb
    error_message = "${var.name}: swap_mb = ${var.swap_mb} is out of range: use MiB, a whole number from 0 to 4194304, for example swap_mb = 512."
  }
}

variable "datastore_id" {
  description = "Storage for the root disk and, unless they say otherwise, the mount points. A changed value replaces the container."
  type        = string
  default     = "local-lvm"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_.-]*$", var.datastore_id))
    error_message = "${var.name}: datastore_id = \"${var.datastore_id}\" is not a storage name: use one shown under Datacenter, Storage, for example datastore_id = \"local-lvm\"."
  }
}

variable "disk_size_gb" {
  description = "Size of the root disk in GiB. It can grow; a smaller one is refused when it is applied."
  type        = number
  default     = 8
  nullable    = false

  validation {
    condition     = var.disk_size_gb >= 1 && var.disk_size_gb <= 65536 && floor(var.disk_size_gb) == var.disk_size_gb
    error_message = "${var.name}: disk_size_gb = ${var.disk_size_gb} is out of range: use GiB, a whole number from 1 to 65536, for example disk_size_gb = 8."
  }
}

variable "mount_points" {
  description = <<-EOT
    Volumes besides the root disk: `path` inside the container, `size` ending in "G" (GiB), `volume` the storage (null:
    datastore_id). Another size or storage, one more or one less replaces the container; path, backup and read_only
    change with a restart.
  EOT
  type = list(object({
    path      = string
    size      = string
    volume    = optional(string)
    backup    = optional(bool, true)
    read_only = optional(bool, false)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for mount in var.mount_points : can(regex("^[1-9][0-9]*G$", mount.size))])
    error_message = "${var.name}: mount_points[*].size = ${jsonencode(var.mount_points[*].size)}: each is a number of GiB ending in \"G\" (a bare number makes every plan replace the container), for example size = \"8G\"."
  }

  # Proxmox writes 1024G back as 1T; the provider compares text, and a different
  # text replaces the container.
  validation {
    condition     = alltrue([for mount in var.mount_points : try(tonumber(trimsuffix(mount.size, "G")) % 1024 != 0, true)])
    error_message = "${var.name}: mount_points[*].size = ${jsonencode(var.mount_points[*].size)}: Proxmox writes a multiple of 1024G back in T, and every plan would then replace the container; use one more or less, for example size = \"1025G\"."
  }

  validation {
    condition     = alltrue([for mount in var.mount_points : can(regex("^/[^ :,]+$", mount.path)) && !can(regex("/[.]{1,2}(/|$)", mount.path))])
    error_message = "${var.name}: mount_points[*].path = ${jsonencode(var.mount_points[*].path)}: each is an absolute path without blanks, colons, commas and dots between slashes, for example path = \"/srv/data\"."
  }

  validation {
    condition     = alltrue([for mount in var.mount_points : mount.volume == null ? true : can(regex("^[A-Za-z][A-Za-z0-9_.-]*$", mount.volume))])
    error_message = "${var.name}: mount_points[*].volume = ${jsonencode(var.mount_points[*].volume)}: each is left out or the name of a storage, on which a volume is made; a directory of the node goes into bind_mounts, for example volume = \"local-lvm\"."
  }

  validation {
    condition     = length(distinct([for path in concat(var.mount_points[*].path, var.bind_mounts[*].path) : trimsuffix(path, "/")])) == length(var.mount_points) + length(var.bind_mounts)
    error_message = "${var.name}: mount_points[*].path = ${jsonencode(var.mount_points[*].path)} and bind_mounts[*].path = ${jsonencode(var.bind_mounts[*].path)}: one path is used twice; each needs its own, for example path = \"/srv/data\"."
  }
}

variable "bind_mounts" {
  description = <<-EOT
    Directories of the node that the container sees: `host_path` on the node, where it has to exist, `path` inside the
    container. They have no size, and backups leave them out. Needs root_login.
  EOT
  type = list(object({
    host_path = string
    path      = string
    read_only = optional(bool, false)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for path in concat(var.bind_mounts[*].host_path, var.bind_mounts[*].path) : can(regex("^/[^ :,]+$", path)) && !can(regex("/[.]{1,2}(/|$)", path))])
    error_message = "${var.name}: bind_mounts = ${jsonencode(var.bind_mounts)}: host_path and path are absolute, without blanks, colons, commas and dots between slashes, and without a size, for example bind_mounts = [{ host_path = \"/tank/media\", path = \"/media\" }]."
  }

  validation {
    condition     = length(var.bind_mounts) == 0 || var.root_login
    error_message = "${var.name}: bind_mounts = ${jsonencode(var.bind_mounts)} with root_login = false: Proxmox lets root@pam alone set them, logged in with its password, no API token; keep the data on a volume, for example mount_points = [{ path = \"/media\", size = \"50G\" }]."
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
  description = "User to log in as, recorded in the inventory; Proxmox gives ssh_keys to root."
  type        = string
  default     = "root"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_-]{0,31}$", var.ssh_user))
    error_message = "${var.name}: ssh_user = \"${var.ssh_user}\" is not a user name: use lower-case letters, digits, _ and -, for example ssh_user = \"root\"."
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
  description = "Public keys for root, set when the container is created. A later change does not reach it."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for key in var.ssh_keys : can(regex("^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com) AAAA[0-9A-Za-z+/]+=*( .*)?$", trimspace(key)))])
    error_message = "${var.name}: ssh_keys = ${jsonencode(var.ssh_keys)} holds something that is not a public key: use whole lines of a .pub file, for example ssh_keys = [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl you@laptop\"]."
  }
}

# --- behaviour ----------------------------------------------------------------

variable "unprivileged" {
  description = "Whether root inside is an ordinary user outside. A changed value replaces the container."
  type        = bool
  default     = true
  nullable    = false
}

variable "nesting" {
  description = "Feature nesting: current systemd needs it, and so does Docker. In a privileged container it needs root_login."
  type        = bool
  default     = true
  nullable    = false

  # PVE::LXC (check_ct_modify_config_perm): features of a privileged container.
  validation {
    condition     = !var.nesting || var.unprivileged || var.root_login
    error_message = "${var.name}: nesting = true with unprivileged = false and root_login = false: Proxmox answers 403 to every API token, because root@pam alone may set features of a privileged container; use unprivileged = true, or leave the feature out, for example nesting = false."
  }
}

variable "keyctl" {
  description = "Feature keyctl: Docker in an unprivileged container needs it. Needs root_login."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.keyctl || var.root_login
    error_message = "${var.name}: keyctl = true with root_login = false: Proxmox lets root@pam alone set it, logged in with its password, no API token; leave it out, for example keyctl = false."
  }
}

variable "fuse" {
  description = "Feature fuse: FUSE mounts inside. Needs root_login."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.fuse || var.root_login
    error_message = "${var.name}: fuse = true with root_login = false: Proxmox lets root@pam alone set it, logged in with its password, no API token; leave it out, for example fuse = false."
  }
}

variable "root_login" {
  description = <<-EOT
    Whether Terraform logs in to Proxmox as root@pam with its password (PROXMOX_VE_USERNAME and PROXMOX_VE_PASSWORD, no
    API token), which Proxmox asks for bind_mounts, keyctl, fuse and nesting of a privileged container. The module
    refuses these without it.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "started" {
  description = "Whether the container runs: false stops it, and leaves it off."
  type        = bool
  default     = true
  nullable    = false
}

variable "on_boot" {
  description = "Whether the container starts with its node."
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
  description = "Whether Proxmox refuses to remove the container or its disks; Terraform then cannot destroy it either."
  type        = bool
  default     = false
  nullable    = false
}

variable "backup" {
  description = "Whether backup jobs include the container; false also adds the tag nobackup, which silences the alert about it."
  type        = bool
  default     = true
  nullable    = false
}

variable "expiration_days" {
  description = "Days after its creation at which the container may be stopped, as the tag expires-YYYY-MM-DD; null for never. A changed number counts from the same day."
  type        = number
  default     = null

  validation {
    condition     = var.expiration_days == null ? true : var.expiration_days >= 1 && var.expiration_days <= 3650 && floor(var.expiration_days) == var.expiration_days
    error_message = "${var.name}: expiration_days = ${jsonencode(var.expiration_days)} is out of range: use a whole number of days from 1 to 3650, for example expiration_days = 14."
  }
}

# --- inside the container: declared here, installed by nothing yet ---------------

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
  description = "Whether security updates install themselves; on ubuntu and debian only."
  type        = bool
  default     = false
  nullable    = false
}

variable "node_exporter" {
  description = "Whether the guest serves its metrics on port 9100, systemd units and text files included; on ubuntu and debian only."
  type        = bool
  default     = false
  nullable    = false
}

variable "docker" {
  description = "Whether the container runs Docker; adds the tag docker and the Docker check of `pve-home health`."
  type        = bool
  default     = false
  nullable    = false
}

# --- firewall -----------------------------------------------------------------

variable "firewall_enabled" {
  description = "Whether the Proxmox firewall guards the container. It takes effect once the firewall of the datacenter is on."
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
