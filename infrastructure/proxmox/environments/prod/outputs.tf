# The same file in every environment with guests.

locals {
  guests = values(merge(
    { for name, vm in module.vms : name => vm.inventory_entry },
    { for name, container in module.containers : name => container.inventory_entry },
  ))

  # Where a service listens, unless it says so: what its url names, or implies.
  url_ports = {
    for name, service in var.services : name => tonumber(try(
      regex(":([0-9]+)(?:/|$)", service.url)[0],
      startswith(service.url, "https:") ? 443 : 80,
    ))
  }
}

output "inventory" {
  description = "Nodes, guests and services of this environment; docs/inventory.schema.json describes it."
  value = {
    schema_version = 2
    environment    = local.environment
    domain         = null
    nodes          = local.nodes
    guests         = local.guests
    services = [for name, service in var.services : {
      name        = name
      kind        = service.kind
      guest       = service.guest
      url         = service.url
      health_path = service.health_path
      host        = service.host
      port        = coalesce(service.port, local.url_ports[name])
      scrape = service.scrape == null ? null : {
        path = service.scrape.path
        port = coalesce(service.scrape.port, service.port, local.url_ports[name])
        job  = coalesce(service.scrape.job, name)
      }
      monitor = service.monitor
    }]
  }
}

output "code" {
  description = "Identity of the code that was applied: one hash over *.tf and files of the modules called, and this folder's *.tf and *.tfvars."
  value = {
    sha256 = sha256(join("\n", [for name, file in local.code_files : "${filesha256(file)}  ${name}"]))
    files  = length(local.code_files)
  }
}
