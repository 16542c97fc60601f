# One accepted and one rejected value for every validation.

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
    ipv4          = "10.0.0.9/8"
    gateway       = "10.0.0.1"
    dns_servers   = ["10.0.0.1", "2001:db8::1"]
    dns_domain    = "home.arpa"
    ssh_port      = 65535
    ssh_keys      = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test", "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAA"]
    startup       = { order = 9, up_delay = 60, down_delay = 60 }
    agent_timeout = "60s"
    data_disks    = [for n in range(13) : { size_gb = 65536 }]
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

run "accepts_static_address_without_gateway" {
  command = plan

  variables {
    ipv4 = "192.168.1.20/24"
  }
}

run "rejects_name_with_capital" {
  command = plan

  variables {
    name = "Web"
  }

  expect_failures = [var.name]
}

run "rejects_name_ending_in_dash" {
  command = plan

  variables {
    name = "web-"
  }

  expect_failures = [var.name]
}

run "rejects_environment_with_blank" {
  command = plan

  variables {
    environment = "my prod"
  }

  expect_failures = [var.environment]
}

run "rejects_description_ending_in_newline" {
  command = plan

  variables {
    description = "Web server\n"
  }

  expect_failures = [var.description]
}

run "rejects_tag_with_capital" {
  command = plan

  variables {
    tags = ["Prod"]
  }

  expect_failures = [var.tags]
}

run "rejects_tag_with_colon" {
  command = plan

  variables {
    tags = ["expires:2026-12-31"]
  }

  expect_failures = [var.tags]
}

run "rejects_node_name_with_dot" {
  command = plan

  variables {
    node_name = "pve1.example"
  }

  expect_failures = [var.node_name]
}

run "rejects_vm_id_too_small" {
  command = plan

  variables {
    vm_id = 99
  }

  expect_failures = [var.vm_id]
}

run "rejects_vm_id_fraction" {
  command = plan

  variables {
    vm_id = 201.5
  }

  expect_failures = [var.vm_id]
}

run "rejects_cpu_cores_zero" {
  command = plan

  variables {
    cpu_cores = 0
  }

  expect_failures = [var.cpu_cores]
}

run "rejects_memory_fraction" {
  command = plan

  variables {
    memory_mb = 512.5
  }

  expect_failures = [var.memory_mb]
}

run "rejects_datastore_with_colon" {
  command = plan

  variables {
    datastore_id = "local:"
  }

  expect_failures = [var.datastore_id]
}

run "rejects_disk_size_zero" {
  command = plan

  variables {
    disk_size_gb = 0
  }

  expect_failures = [var.disk_size_gb]
}

run "rejects_bridge_too_long" {
  command = plan

  variables {
    bridge = "a-very-long-bridge"
  }

  expect_failures = [var.bridge]
}

run "rejects_vlan_zero" {
  command = plan

  variables {
    vlan_id = 0
  }

  expect_failures = [var.vlan_id]
}

run "rejects_vlan_too_large" {
  command = plan

  variables {
    vlan_id = 4095
  }

  expect_failures = [var.vlan_id]
}

run "rejects_mac_address_in_small_letters" {
  command = plan

  variables {
    mac_address = "bc:24:11:00:00:01"
  }

  expect_failures = [var.mac_address]
}

run "rejects_mac_address_multicast" {
  command = plan

  variables {
    mac_address = "01:24:11:00:00:01"
  }

  expect_failures = [var.mac_address]
}

run "rejects_ipv4_without_prefix" {
  command = plan

  variables {
    ipv4 = "192.168.1.20"
  }

  expect_failures = [var.ipv4]
}

run "rejects_ipv4_out_of_range" {
  command = plan

  variables {
    ipv4 = "192.168.1.256/24"
  }

  expect_failures = [var.ipv4]
}

run "rejects_ipv4_auto" {
  command = plan

  variables {
    ipv4 = "auto"
  }

  expect_failures = [var.ipv4]
}

run "rejects_gateway_with_prefix" {
  command = plan

  variables {
    ipv4    = "192.168.1.20/24"
    gateway = "192.168.1.1/24"
  }

  expect_failures = [var.gateway]
}

run "rejects_gateway_with_dhcp" {
  command = plan

  variables {
    gateway = "192.168.1.1"
  }

  expect_failures = [var.gateway]
}

run "rejects_dns_server_name" {
  command = plan

  variables {
    dns_servers = ["dns.home.arpa"]
  }

  expect_failures = [var.dns_servers]
}

run "rejects_dns_domain_with_leading_dot" {
  command = plan

  variables {
    dns_domain = ".home.arpa"
  }

  expect_failures = [var.dns_domain]
}

run "rejects_ssh_user_with_capital" {
  command = plan

  variables {
    ssh_user = "Admin"
  }

  expect_failures = [var.ssh_user]
}

run "rejects_ssh_port_zero" {
  command = plan

  variables {
    ssh_port = 0
  }

  expect_failures = [var.ssh_port]
}

run "rejects_ssh_port_too_large" {
  command = plan

  variables {
    ssh_port = 65536
  }

  expect_failures = [var.ssh_port]
}

run "rejects_ssh_key_private" {
  command = plan

  variables {
    ssh_keys = ["-----BEGIN OPENSSH PRIVATE KEY-----"]
  }

  expect_failures = [var.ssh_keys]
}

run "rejects_ssh_key_path" {
  command = plan

  variables {
    ssh_keys = ["~/.ssh/id_ed25519.pub"]
  }

  expect_failures = [var.ssh_keys]
}

run "rejects_startup_order_negative" {
  command = plan

  variables {
    startup = { order = -1 }
  }

  expect_failures = [var.startup]
}

run "rejects_startup_delay_fraction" {
  command = plan

  variables {
    startup = { order = 1, up_delay = 0.5 }
  }

  expect_failures = [var.startup]
}

run "rejects_template_vmid_too_small" {
  command = plan

  variables {
    template_vmid = 9
  }

  expect_failures = [var.template_vmid]
}

run "rejects_template_and_image" {
  command = plan

  variables {
    image_file_id = "local:import/debian-13.qcow2"
  }

  expect_failures = [var.template_vmid]
}

run "rejects_neither_template_nor_image" {
  command = plan

  variables {
    template_vmid = null
  }

  expect_failures = [var.template_vmid]
}

run "rejects_template_node_name_with_dot" {
  command = plan

  variables {
    template_node_name = "pve1.example"
  }

  expect_failures = [var.template_node_name]
}

run "rejects_image_compressed" {
  command = plan

  variables {
    template_vmid = null
    image_file_id = "local:import/debian-13.qcow2.xz"
  }

  expect_failures = [var.image_file_id]
}

run "rejects_image_of_content_type_iso" {
  command = plan

  variables {
    template_vmid = null
    image_file_id = "local:iso/debian-13.qcow2"
  }

  expect_failures = [var.image_file_id]
}

run "rejects_cpu_type_with_blank" {
  command = plan

  variables {
    cpu_type = "x86 64"
  }

  expect_failures = [var.cpu_type]
}

run "rejects_data_disk_of_zero" {
  command = plan

  variables {
    data_disks = [{ size_gb = 0 }]
  }

  expect_failures = [var.data_disks]
}

run "rejects_fourteen_data_disks" {
  command = plan

  variables {
    data_disks = [for n in range(14) : { size_gb = 1 }]
  }

  expect_failures = [var.data_disks]
}

run "rejects_agent_timeout_of_15_minutes" {
  command = plan

  variables {
    agent_timeout = "15m"
  }

  expect_failures = [var.agent_timeout]
}

run "rejects_agent_timeout_of_61_seconds" {
  command = plan

  variables {
    agent_timeout = "61s"
  }

  expect_failures = [var.agent_timeout]
}

run "rejects_agent_timeout_without_unit" {
  command = plan

  variables {
    agent_timeout = "30"
  }

  expect_failures = [var.agent_timeout]
}
