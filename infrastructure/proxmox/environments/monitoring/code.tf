# The identity of the code that was applied. The same file in every environment.

locals {
  modules_folder = "${path.module}/../../modules"

  # Modules by their folders: those that this folder calls, and those that they call.
  called_here = distinct(flatten([
    for file in fileset(path.module, "*.tf") : regexall("\\bsource\\s*=\\s*\"\\.\\./\\.\\./modules/([^\"]+)\"", file("${path.module}/${file}"))
  ]))
  called = distinct(concat(local.called_here, flatten([
    for file in fileset(local.modules_folder, "*/*.tf") : regexall("\\bsource\\s*=\\s*\"\\.\\./([^./\"]+)\"", file("${local.modules_folder}/${file}"))
    if contains(local.called_here, dirname(file))
  ])))

  # Name in the hash => where the file is. Names are relative, so that a copy of
  # this folder elsewhere, with the modules linked beside it, hashes the same. Hidden
  # files (.terraform, lock files, editors') are not code, nor are documents and tests.
  # Where the state is kept (backend.tf) is not what was applied. Files of the
  # monitoring stack are no code of a guest: an edited alert rule changes no hash.
  code_files = merge(
    {
      for file in setunion(fileset(local.modules_folder, "*/**/*.tf"), fileset(local.modules_folder, "*/files/**")) : "modules/${file}" => "${local.modules_folder}/${file}"
      if contains(local.called, split("/", file)[0]) && length(regexall("(^|/)\\.|^[^/]+/tests/|^monitoring-stack/(.*/)?files/", file)) == 0
    },
    {
      for file in fileset(path.module, "*") : "environment/${file}" => "${path.module}/${file}"
      if(endswith(file, ".tf") && file != "backend.tf") || endswith(file, ".tfvars")
    },
  )
}
