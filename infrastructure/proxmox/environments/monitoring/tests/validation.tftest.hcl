# What the variables refuse; none of it needs a resource (tools/test-terraform.ts leaves them out).

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  vm_id         = 251
  template_vmid = 9000
  gateway       = "192.168.1.1"
}

run "rejects_image_compressed" {
  command = plan

  variables {
    template_vmid = null
    image_url     = "https://images.example/debian-13.qcow2.xz"
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

run "rejects_minio_from_nothing" {
  command = plan

  variables {
    minio = { ipv4 = "192.168.1.52/24" }
  }

  expect_failures = [var.minio]
}

run "rejects_minio_from_no_archive" {
  command = plan

  variables {
    minio = { ipv4 = "192.168.1.52/24", template_url = "http://templates.example/debian-13" }
  }

  expect_failures = [var.minio]
}

run "rejects_minio_checksum_cut_off" {
  command = plan

  variables {
    minio = { ipv4 = "192.168.1.52/24", template_url = "http://templates.example/debian-13.tar.zst", template_checksum = "sha256:e3b0" }
  }

  expect_failures = [var.minio]
}

run "rejects_minio_named_as_a_service_of_the_vm" {
  command = plan

  variables {
    minio = { ipv4 = "192.168.1.52/24", template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst", name = "loki" }
  }

  expect_failures = [var.minio]
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

run "rejects_node_port" {
  command = plan

  variables {
    nodes = { pve1 = { api_port = 0 } }
  }

  expect_failures = [var.nodes]
}
