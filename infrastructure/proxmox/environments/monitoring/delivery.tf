# What is declared inside the guests and reaches none of them.

check "delivery" {
  assert {
    condition     = length(local.undelivered) == 0
    error_message = "nothing installs ${join("; ", [for guest, what in local.undelivered : "on ${guest}: ${join(", ", what)}"])}. The VM gets it at its first boot with snippets = true, else from its template; in the container install it by hand."
  }
}

locals {
  undelivered = {
    for guest, what in merge(
      { (coalesce(var.name, "monitoring-stack")) = module.monitoring.undelivered },
      { for minio in module.minio : minio.inventory_entry.name => minio.undelivered },
    ) : guest => what if length(what) > 0
  }
}
