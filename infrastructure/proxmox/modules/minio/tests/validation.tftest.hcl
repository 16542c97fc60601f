# What the variables refuse; none of it needs a resource (tools/test-terraform.ts leaves them out).
# Those of the container are tested with module lxc.

mock_provider "proxmox" {}

variables {
  node_name        = "pve1"
  template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  ipv4             = "192.168.1.52/24"
}

run "rejects_version_without_release" {
  command = plan

  variables {
    minio_version = "2025-09-07"
  }

  expect_failures = [var.minio_version]
}

run "rejects_url_without_tls" {
  command = plan

  variables {
    minio_url = "http://mirror.home.arpa/minio"
  }

  expect_failures = [var.minio_url]
}

run "rejects_url_that_is_gone" {
  command = plan

  variables {
    minio_url = "https://dl.min.io/server/minio/release/linux-amd64/minio"
  }

  expect_failures = [var.minio_url]
}

run "rejects_sha256_too_short" {
  command = plan

  variables {
    minio_sha256 = "7c5bd851"
  }

  expect_failures = [var.minio_sha256]
}

run "rejects_root_user_itself" {
  command = plan

  variables {
    root_user = "admin"
  }

  expect_failures = [var.root_user]
}

run "rejects_root_password_itself" {
  command = plan

  variables {
    root_password = "hunter22hunter22"
  }

  expect_failures = [var.root_password]
}

run "rejects_root_password_of_empty_reference" {
  command = plan

  variables {
    root_password = "file:"
  }

  expect_failures = [var.root_password]
}

run "rejects_bucket_with_capital" {
  command = plan

  variables {
    buckets = [{ name = "State" }]
  }

  expect_failures = [var.buckets]
}

run "rejects_bucket_twice" {
  command = plan

  variables {
    buckets = [{ name = "tfstate" }, { name = "tfstate" }]
  }

  expect_failures = [var.buckets]
}

run "rejects_api_port_of_root" {
  command = plan

  variables {
    api_port = 80
  }

  expect_failures = [var.api_port]
}

run "rejects_console_port_of_root" {
  command = plan

  variables {
    console_port = 443
  }

  expect_failures = [var.console_port]
}

run "rejects_console_on_the_api_port" {
  command = plan

  variables {
    console_port = 9000
  }

  expect_failures = [var.console_port]
}

run "rejects_data_path_relative" {
  command = plan

  variables {
    data_path = "srv/minio"
  }

  expect_failures = [var.data_path]
}

run "rejects_data_path_ending_in_slash" {
  command = plan

  variables {
    data_path = "/srv/minio/"
  }

  expect_failures = [var.data_path]
}

run "rejects_data_size_zero" {
  command = plan

  variables {
    data_size_gb = 0
  }

  expect_failures = [var.data_size_gb]
}

run "rejects_data_size_proxmox_would_write_in_t" {
  command = plan

  variables {
    data_size_gb = 1024
  }

  expect_failures = [var.data_size_gb]
}

run "rejects_ipv4_by_dhcp" {
  command = plan

  variables {
    ipv4 = "dhcp"
  }

  expect_failures = [var.ipv4]
}

run "rejects_ipv4_without_prefix" {
  command = plan

  variables {
    ipv4 = "192.168.1.52"
  }

  expect_failures = [var.ipv4]
}
