# Mistakes that were mended once and must not come back. Each run names the
# version of the fix it guards.

mock_provider "proxmox" {}

variables {
  name             = "dns"
  node_name        = "pve1"
  template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
}

# v0.7.2: given tags are all there, in the order given, each once.
run "tags_are_preserved" {
  command = plan

  variables {
    tags   = ["dns", "prod", "dns"]
    docker = true
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.tags == tolist(["dns", "prod", "docker"])
    error_message = "tags are ${jsonencode(proxmox_virtual_environment_container.this.tags)}, expected dns, prod, docker"
  }
}

# v0.7.2: a container without a description of its own says who manages it.
run "default_description" {
  command = plan

  assert {
    condition     = proxmox_virtual_environment_container.this.description == "Managed by Terraform"
    error_message = "description is ${proxmox_virtual_environment_container.this.description}, expected Managed by Terraform"
  }
}

# v0.7.2: a description of its own is kept as it is.
run "custom_description" {
  command = plan

  variables {
    description = "Resolver of the house"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.description == "Resolver of the house"
    error_message = "description is ${proxmox_virtual_environment_container.this.description}, expected the one given"
  }
}

# v0.9.0: no automatic security updates where there is no apt.
run "no_auto_security_updates_without_apt" {
  command = plan

  variables {
    os_type               = "alpine"
    auto_security_updates = true
  }

  assert {
    condition     = length(terraform_data.auto_security_updates) == 0
    error_message = "automatic security updates are declared for alpine"
  }
}

# v0.9.0: and none without the flag.
run "no_auto_security_updates_without_flag" {
  command = plan

  variables {
    os_type = "ubuntu"
  }

  assert {
    condition     = length(terraform_data.auto_security_updates) == 0
    error_message = "automatic security updates are declared without their flag"
  }
}

# v0.9.0: with the flag, on ubuntu, exactly one.
run "auto_security_updates_on_ubuntu" {
  command = plan

  variables {
    os_type               = "ubuntu"
    auto_security_updates = true
  }

  assert {
    condition     = length(terraform_data.auto_security_updates) == 1
    error_message = "automatic security updates are not declared for ubuntu"
  }
}

# v0.9.0: and on debian.
run "auto_security_updates_on_debian" {
  command = plan

  variables {
    os_type               = "debian"
    auto_security_updates = true
  }

  assert {
    condition     = length(terraform_data.auto_security_updates) == 1
    error_message = "automatic security updates are not declared for debian"
  }
}
