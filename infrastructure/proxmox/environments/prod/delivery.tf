# What is declared inside the guests and reaches none of them. The same file in every
# environment with guests.

check "delivery" {
  assert {
    condition     = length(local.undelivered) == 0
    error_message = "nothing installs ${join("; ", [for guest, what in local.undelivered : "on ${guest}: ${join(", ", what)}"])}. VMs get it at their first boot with snippets = true, else from their template; in containers install it by hand, or leave it out."
  }
}

locals {
  undelivered = {
    for guest, what in merge(
      { for name, vm in module.vms : name => vm.undelivered },
      { for name, container in module.containers : name => container.undelivered },
    ) : guest => what if length(what) > 0
  }
}
