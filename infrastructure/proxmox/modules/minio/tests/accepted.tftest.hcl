# Values at the edge of what the variables accept, planned.

mock_provider "proxmox" {}

variables {
  node_name        = "pve1"
  template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  ipv4             = "192.168.1.52/24"
}

run "accepts_references_of_every_kind" {
  command = plan

  variables {
    root_user     = "cmd:pass show minio/user"
    root_password = "file:/run/secrets/minio"
  }
}

run "accepts_no_bucket" {
  command = plan

  variables {
    buckets = []
  }
}

run "accepts_smallest" {
  command = plan

  variables {
    buckets      = [{ name = "abc" }]
    data_size_gb = 1
    data_path    = "/srv"
    api_port     = 1024
    console_port = 1025
  }
}

run "accepts_largest" {
  command = plan

  variables {
    data_size_gb = 65535
    api_port     = 65535
    console_port = 65534
    ipv4         = "10.0.0.9/8"
  }
}

run "accepts_mirror" {
  command = plan

  variables {
    minio_version = "RELEASE.2026-06-18T00-00-00Z"
    minio_url     = "https://mirror.home.arpa/{version}"
    minio_sha256  = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}
