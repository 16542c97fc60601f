# What the variables refuse; none of it needs a resource (tools/test-terraform.ts leaves them out).

mock_provider "proxmox" {}

variables {
  node_name                  = "pve1"
  tags                       = ["all"]
  template_vmid              = 9000
  container_template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  gateway                    = "192.168.1.1"
  vms = {
    web = { vm_id = 201, ipv4 = "192.168.1.20/24", docker = true, tags = ["front"] }
    db  = { vm_id = 202, ipv4 = "192.168.1.21/24", node_name = "pve2", agent_enabled = false, on_boot = false, ssh_user = "ops", ssh_port = 2222 }
  }
  containers = {
    dns = { vm_id = 203, ipv4 = "192.168.1.22/24" }
  }
  services = {
    site  = { kind = "http", guest = "web", url = "http://192.168.1.20", health_path = "/healthz" }
    cloud = { kind = "http", url = "https://cloud.example" }
  }
}

run "rejects_scrape_configs_of_an_unknown_vm" {
  command = plan

  variables {
    promtail_scrape_configs = { wbe = [{ job_name = "nginx" }] }
  }

  expect_failures = [var.promtail_scrape_configs]
}

run "rejects_endpoint_without_tls" {
  command = plan

  variables {
    proxmox_endpoint = "http://192.168.1.50:8006/"
  }

  expect_failures = [var.proxmox_endpoint]
}

run "rejects_node_ssh_port" {
  command = plan

  variables {
    node_ssh = { nodes = { pve1 = { address = "127.0.0.1", port = 0 } } }
  }

  expect_failures = [var.node_ssh]
}

run "rejects_image_compressed" {
  command = plan

  variables {
    template_vmid = null
    image_url     = "https://images.example/debian-13.qcow2.xz"
  }

  expect_failures = [var.image_url]
}

run "rejects_image_of_one_vm_with_query" {
  command = plan

  variables {
    vms      = { web = { vm_id = 201, image_url = "https://images.example/debian-13.qcow2?arch=amd64" } }
    services = {}
  }

  expect_failures = [var.image_url]
}

run "rejects_template_and_image" {
  command = plan

  variables {
    image_url = "https://images.example/debian-13.qcow2"
  }

  expect_failures = [var.image_url]
}

run "rejects_checksum_without_algorithm" {
  command = plan

  variables {
    template_vmid  = null
    image_url      = "https://images.example/debian-13.qcow2"
    image_checksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  }

  expect_failures = [var.image_checksum]
}

run "rejects_checksum_cut_off" {
  command = plan

  variables {
    vms      = { web = { vm_id = 201, image_url = "https://images.example/debian-13.qcow2", image_checksum = "sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" } }
    services = {}
  }

  expect_failures = [var.image_checksum]
}

run "rejects_checksum_without_image" {
  command = plan

  variables {
    image_checksum = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  }

  expect_failures = [var.image_checksum]
}

run "rejects_two_checksums_of_one_image" {
  command = plan

  variables {
    vms = {
      web = { vm_id = 201, image_url = "https://images.example/debian-13.qcow2", image_checksum = "md5:d41d8cd98f00b204e9800998ecf8427e" }
      db  = { vm_id = 202, image_url = "https://images.example/debian-13.qcow2", image_checksum = "md5:d41d8cd98f00b204e9800998ecf8427f" }
    }
    services = {}
  }

  expect_failures = [var.image_checksum]
}

run "rejects_container_template_no_archive" {
  command = plan

  variables {
    container_template_file_id = null
    container_template_url     = "http://templates.example/debian-13"
  }

  expect_failures = [var.container_template_url]
}

run "rejects_template_file_and_address_of_one_container" {
  command = plan

  variables {
    containers = { dns = { vm_id = 203, template_file_id = "local:vztmpl/a.tar.zst", template_url = "http://templates.example/a.tar.zst" } }
  }

  expect_failures = [var.container_template_file_id]
}

run "rejects_template_file_and_address" {
  command = plan

  variables {
    container_template_url = "http://templates.example/a.tar.zst"
  }

  expect_failures = [var.container_template_file_id]
}

run "rejects_container_without_template" {
  command = plan

  variables {
    container_template_file_id = null
  }

  expect_failures = [var.container_template_file_id]
}

run "rejects_name_used_twice" {
  command = plan

  variables {
    containers = { web = { vm_id = 203 } }
  }

  expect_failures = [var.vms]
}

run "rejects_number_used_twice" {
  command = plan

  variables {
    containers = { dns = { vm_id = 201 } }
  }

  expect_failures = [var.vms]
}

run "rejects_address_used_twice" {
  command = plan

  variables {
    containers = { dns = { vm_id = 203, ipv4 = "192.168.1.20/16" } }
  }

  expect_failures = [var.vms]
}

run "rejects_mac_address_used_twice" {
  command = plan

  variables {
    vms = {
      web = { vm_id = 201, mac_address = "BC:24:11:00:00:01" }
      db  = { vm_id = 202, mac_address = "BC:24:11:00:00:01" }
    }
  }

  expect_failures = [var.vms]
}

run "rejects_number_of_the_template" {
  command = plan

  variables {
    vms = { web = { vm_id = 9000 } }
  }

  expect_failures = [var.vms]
}

run "rejects_service_kind" {
  command = plan

  variables {
    services = { site = { kind = "HTTP", url = "http://192.168.1.20" } }
  }

  expect_failures = [var.services]
}

run "rejects_service_url" {
  command = plan

  variables {
    services = { site = { kind = "http", url = "192.168.1.20:80" } }
  }

  expect_failures = [var.services]
}

run "rejects_service_health_path" {
  command = plan

  variables {
    services = { site = { kind = "http", url = "http://192.168.1.20", health_path = "healthz" } }
  }

  expect_failures = [var.services]
}

run "rejects_service_on_unknown_guest" {
  command = plan

  variables {
    services = { site = { kind = "http", url = "http://192.168.1.20", guest = "wbe" } }
  }

  expect_failures = [var.services]
}

run "rejects_service_host_given_twice" {
  command = plan

  variables {
    services = {
      site = { kind = "http", url = "http://192.168.1.20", host = "site" }
      blog = { kind = "http", url = "http://192.168.1.21", host = "site" }
    }
  }

  expect_failures = [var.services]
}

run "rejects_service_port" {
  command = plan

  variables {
    services = { site = { kind = "http", url = "http://192.168.1.20", scrape = { port = 70000 } } }
  }

  expect_failures = [var.services]
}

run "rejects_service_scrape_path" {
  command = plan

  variables {
    services = { site = { kind = "http", url = "http://192.168.1.20", scrape = { path = "metrics" } } }
  }

  expect_failures = [var.services]
}

run "rejects_node_address_with_port" {
  command = plan

  variables {
    nodes = { pve1 = { address = "192.168.1.50:8006" } }
  }

  expect_failures = [var.nodes]
}
