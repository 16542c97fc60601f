# Values at the edge of what the variables accept, planned.

mock_provider "proxmox" {}

variables {
  name          = "web"
  node_name     = "pve1"
  template_vmid = 9000
}

run "accepts_smallest" {
  command = plan

  variables {
    name          = "a"
    environment   = "b"
    description   = ""
    tags          = ["_a", "a.b+c-d_e", "expires-2026-12-31"]
    node_name     = "p"
    vm_id         = 100
    cpu_cores     = 1
    disk_size_gb  = 1
    vlan_id       = 1
    mac_address   = "BC:24:11:00:00:01"
    ssh_port      = 1
    ssh_keys      = []
    dns_servers   = []
    startup       = { order = 0 }
    memory_mb     = 64
    agent_timeout = "1s"
  }
}

run "accepts_largest" {
  command = plan

  variables {
    name          = "a23456789012345678901234567890123456789012345678901234567890123"
    vm_id         = 999999999
    cpu_cores     = 256
    memory_mb     = 4194304
    disk_size_gb  = 65536
    vlan_id       = 4094
    ipv4          = "192.168.1.9/8"
    gateway       = "192.168.1.1"
    dns_servers   = ["10.0.0.1", "2001:db8::1"]
    dns_domain    = "home.arpa"
    ssh_port      = 65535
    cpu_type      = "host"
    alloy_image   = "grafana/alloy:v1.18.2"
    ssh_keys      = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test", "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAA"]
    startup       = { order = 9, up_delay = 60, down_delay = 60 }
    agent_timeout = "60s"
    data_disks    = [for n in range(13) : { size_gb = 65536 }]
  }
}

run "accepts_firewall" {
  command = plan

  variables {
    vm_id                 = 201
    firewall_enabled      = true
    firewall_input_policy = "REJECT"
    management_networks   = ["192.168.1.0/24"]
    allowed_networks      = ["10.0.0.0/8"]
    firewall_rules        = [{ dport = "80,443,8000:8010" }, { proto = "udp", dport = "53", networks = ["10.1.0.0/16"] }, { proto = "icmp" }, { type = "out", action = "DROP", dport = "25" }]
  }
}

run "accepts_expiry_and_packages" {
  command = plan

  variables {
    expiration_days = 1
    packages        = ["htop", "g++", "libstdc++6"]
  }
}

run "accepts_loki_by_ipv6_address" {
  command = plan

  variables {
    loki_url = "http://[fd00::51]:3100"
  }
}

run "accepts_images_by_digest" {
  command = plan

  variables {
    promtail_image = "localhost/promtail:3.5.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

run "accepts_one_minute_for_the_agent" {
  command = plan

  variables {
    agent_timeout = "1m"
  }
}

run "accepts_cloud_image" {
  command = plan

  variables {
    template_vmid = null
    image_file_id = "local:import/debian-13.qcow2"
  }
}

run "accepts_template_on_another_node" {
  command = plan

  variables {
    template_node_name = "pve2"
  }
}

run "accepts_point_to_point_addresses" {
  command = plan

  variables {
    ipv4    = "192.168.1.20/31"
    gateway = "192.168.1.21"
  }
}

run "accepts_gateway_outside_of_a_single_address" {
  command = plan

  variables {
    ipv4    = "192.168.1.20/32"
    gateway = "10.0.0.1"
  }
}

run "accepts_fifteen_firewall_ports" {
  command = plan

  variables {
    firewall_rules      = [{ dport = "1:2,3,4,5,6,7,8,9,10,11,12,13,14,65535" }, { dport = "443:443" }, {}]
    management_networks = ["192.168.1.5/32"]
  }
}

run "accepts_static_address_without_gateway" {
  command = plan

  variables {
    ipv4 = "192.168.1.20/24"
  }
}

run "accepts_disk_on_the_last_interface" {
  command = plan

  variables {
    disk_interface = "virtio15"
  }
}
