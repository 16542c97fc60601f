# The same file in every environment with guests.

output "inventory" {
  description = "Guests and services of this environment; docs/inventory.schema.json describes it."
  value = {
    schema_version = 1
    environment    = local.environment
    guests = values(merge(
      { for name, vm in module.vms : name => vm.inventory_entry },
      { for name, container in module.containers : name => container.inventory_entry },
    ))
    services = [for name, service in var.services : {
      name        = name
      kind        = service.kind
      guest       = service.guest
      url         = service.url
      health_path = service.health_path
    }]
  }
}

locals {
  modules_folder = "${path.module}/../../modules"

  # Name in the hash => where the file is. Names are relative, so that a copy of
  # this folder elsewhere, with the modules linked beside it, hashes the same;
  # hidden files (.terraform, lock files, editors') are not code, and where the
  # state is kept (backend.tf) is not what was applied.
  code_files = merge(
    {
      for file in fileset(local.modules_folder, "**") : "modules/${file}" => "${local.modules_folder}/${file}"
      if length(regexall("(^|/)\\.", file)) == 0
    },
    {
      for file in fileset(path.module, "*") : "environment/${file}" => "${path.module}/${file}"
      if(endswith(file, ".tf") && file != "backend.tf") || endswith(file, ".tfvars")
    },
  )
}

output "code" {
  description = "Identity of the code that was applied: one hash over the modules and this folder's *.tf and *.tfvars."
  value = {
    sha256 = sha256(join("\n", [for name, file in local.code_files : "${filesha256(file)}  ${name}"]))
    files  = length(local.code_files)
  }
}
