# What the variables refuse; none of it needs a resource (tools/test-terraform.ts leaves them out).

mock_provider "proxmox" {}

variables {
  name          = "web"
  node_name     = "pve1"
  template_vmid = 9000
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

run "rejects_package_with_blank" {
  command = plan

  variables {
    packages = ["htop vim"]
  }

  expect_failures = [var.packages]
}

run "rejects_expiration_zero" {
  command = plan

  variables {
    expiration_days = 0
  }

  expect_failures = [var.expiration_days]
}

run "rejects_expiration_fraction" {
  command = plan

  variables {
    expiration_days = 1.5
  }

  expect_failures = [var.expiration_days]
}

run "rejects_firewall_policy_unknown" {
  command = plan

  variables {
    firewall_input_policy = "drop"
  }

  expect_failures = [var.firewall_input_policy]
}

run "rejects_no_management_network" {
  command = plan

  variables {
    management_networks = []
  }

  expect_failures = [var.management_networks]
}

run "rejects_management_network_without_prefix" {
  command = plan

  variables {
    management_networks = ["192.168.1.0"]
  }

  expect_failures = [var.management_networks]
}

run "rejects_no_allowed_network" {
  command = plan

  variables {
    allowed_networks = []
  }

  expect_failures = [var.allowed_networks]
}

run "rejects_firewall_port_name" {
  command = plan

  variables {
    firewall_rules = [{ dport = "http" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_firewall_proto_unknown" {
  command = plan

  variables {
    firewall_rules = [{ dport = "80", proto = "http" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_firewall_port_of_icmp" {
  command = plan

  variables {
    firewall_rules = [{ dport = "80", proto = "icmp" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_firewall_type_unknown" {
  command = plan

  variables {
    firewall_rules = [{ dport = "80", type = "forward" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_firewall_action_unknown" {
  command = plan

  variables {
    firewall_rules = [{ dport = "80", action = "ALLOW" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_firewall_rule_from_nowhere" {
  command = plan

  variables {
    firewall_rules = [{ dport = "80", networks = [] }]
  }

  expect_failures = [var.firewall_rules]
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

run "rejects_disk_on_the_interface_of_cloud_init" {
  command = plan

  variables {
    disk_interface = "ide2"
  }

  expect_failures = [var.disk_interface]
}

run "rejects_disk_interface_without_number" {
  command = plan

  variables {
    disk_interface = "virtio"
  }

  expect_failures = [var.disk_interface]
}

run "rejects_disk_interface_out_of_range" {
  command = plan

  variables {
    disk_interface = "scsi31"
  }

  expect_failures = [var.disk_interface]
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

run "rejects_snippet_datastore_with_colon" {
  command = plan

  variables {
    snippet_datastore_id = "local:"
  }

  expect_failures = [var.snippet_datastore_id]
}

run "rejects_log_agent_unknown" {
  command = plan

  variables {
    log_agent = "fluentd"
  }

  expect_failures = [var.log_agent]
}

run "rejects_log_system_source_unknown" {
  command = plan

  variables {
    log_system_source = "syslog"
  }

  expect_failures = [var.log_system_source]
}

run "rejects_loki_url_with_path" {
  command = plan

  variables {
    loki_url = "http://192.168.1.51:3100/"
  }

  expect_failures = [var.loki_url]
}

run "rejects_loki_url_without_scheme" {
  command = plan

  variables {
    loki_url = "192.168.1.51:3100"
  }

  expect_failures = [var.loki_url]
}

run "rejects_scrape_configs_no_list" {
  command = plan

  variables {
    promtail_scrape_configs = { job_name = "nginx" }
  }

  expect_failures = [var.promtail_scrape_configs]
}

run "rejects_scrape_config_without_job_name" {
  command = plan

  variables {
    promtail_scrape_configs = [{ static_configs = [] }]
  }

  expect_failures = [var.promtail_scrape_configs]
}

run "rejects_scrape_config_named_as_a_built_in_job" {
  command = plan

  variables {
    promtail_scrape_configs = [{ job_name = "docker" }]
  }

  expect_failures = [var.promtail_scrape_configs]
}

run "rejects_scrape_configs_for_alloy" {
  command = plan

  variables {
    log_agent               = "alloy"
    promtail_scrape_configs = [{ job_name = "nginx" }]
  }

  expect_failures = [var.promtail_scrape_configs]
}

run "rejects_promtail_image_without_tag" {
  command = plan

  variables {
    promtail_image = "grafana/promtail"
  }

  expect_failures = [var.promtail_image]
}

run "rejects_alloy_image_without_tag" {
  command = plan

  variables {
    alloy_image = "grafana/alloy"
  }

  expect_failures = [var.alloy_image]
}

run "rejects_docker_proxy_image_without_tag" {
  command = plan

  variables {
    docker_proxy_image = "tecnativa/docker-socket-proxy"
  }

  expect_failures = [var.docker_proxy_image]
}

run "rejects_agent_timeout_without_unit" {
  command = plan

  variables {
    agent_timeout = "30"
  }

  expect_failures = [var.agent_timeout]
}

run "rejects_ipv4_of_the_network" {
  command = plan

  variables {
    ipv4 = "192.168.1.0/24"
  }

  expect_failures = [var.ipv4]
}

run "rejects_ipv4_of_the_broadcast" {
  command = plan

  variables {
    ipv4 = "192.168.1.255/24"
  }

  expect_failures = [var.ipv4]
}

run "rejects_gateway_outside_the_network" {
  command = plan

  variables {
    ipv4    = "192.168.1.20/24"
    gateway = "192.168.2.1"
  }

  expect_failures = [var.gateway]
}

run "rejects_gateway_that_is_the_guest" {
  command = plan

  variables {
    ipv4    = "192.168.1.20/24"
    gateway = "192.168.1.20"
  }

  expect_failures = [var.gateway]
}

run "rejects_gateway_of_the_broadcast" {
  command = plan

  variables {
    ipv4    = "192.168.1.20/24"
    gateway = "192.168.1.255"
  }

  expect_failures = [var.gateway]
}

run "rejects_management_network_with_host_bits" {
  command = plan

  variables {
    management_networks = ["192.168.1.5/24"]
  }

  expect_failures = [var.management_networks]
}

run "rejects_allowed_network_with_host_bits" {
  command = plan

  variables {
    allowed_networks = ["10.0.0.0/8", "192.168.1.5/24"]
  }

  expect_failures = [var.allowed_networks]
}

run "rejects_firewall_networks_with_host_bits" {
  command = plan

  variables {
    firewall_rules = [{ dport = "80", networks = ["192.168.1.5/24"] }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_firewall_port_zero" {
  command = plan

  variables {
    firewall_rules = [{ dport = "0" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_firewall_port_too_large" {
  command = plan

  variables {
    firewall_rules = [{ dport = "80,8000:65536" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_firewall_range_that_goes_down" {
  command = plan

  variables {
    firewall_rules = [{ dport = "8010:8000" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_sixteen_firewall_ports" {
  command = plan

  variables {
    firewall_rules = [{ dport = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_fifteen_firewall_ports_with_a_range" {
  command = plan

  variables {
    firewall_rules = [{ dport = "1:2,3,4,5,6,7,8,9,10,11,12,13,14,15,16" }]
  }

  expect_failures = [var.firewall_rules]
}

run "rejects_a_file_with_a_relative_path" {
  command = plan

  variables {
    files = { "etc/motd" = { content = "hello" } }
  }

  expect_failures = [var.files]
}

run "rejects_a_directory_of_a_user_by_name" {
  command = plan

  variables {
    directories = { "/srv/data" = { owner = "root" } }
  }

  expect_failures = [var.directories]
}
