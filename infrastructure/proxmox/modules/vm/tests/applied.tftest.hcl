# What a change of a VM that exists comes to: the runs share one state.

mock_provider "proxmox" {}

variables {
  name            = "web"
  node_name       = "pve1"
  vm_id           = 201
  template_vmid   = 9000
  expiration_days = 7
}

run "applied" {
  command = apply
}

# The day that the expiry counts from is the one of the first apply.
run "the_expiry_stays" {
  command = plan

  assert {
    condition     = terraform_data.created[0].input == terraform_data.created[0].output
    error_message = "the expiry would count from ${terraform_data.created[0].input}"
  }
}
