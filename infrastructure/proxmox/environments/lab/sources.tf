# What each guest is made from: its own source, else that of the environment. The same
# file in every environment with guests.

locals {
  # A guest that names a source of its own means that one alone.
  own_source    = { for name, vm in var.vms : name => vm.template_vmid != null || vm.image_file_id != null || vm.image_url != null }
  own_template  = { for name, container in var.containers : name => container.template_file_id != null || container.template_url != null }
  image_urls    = { for name, vm in var.vms : name => local.own_source[name] ? vm.image_url : var.image_url }
  template_urls = { for name, container in var.containers : name => local.own_template[name] ? container.template_url : var.container_template_url }

  # Those to download.
  sources = merge(
    { for name, url in local.image_urls : name => {
      content_type = "import"
      node_name    = coalesce(var.vms[name].node_name, var.node_name)
      url          = url
      checksum     = url == var.image_url ? var.image_checksum : var.vms[name].image_checksum
      shared       = url == var.image_url
    } if url != null },
    { for name, url in local.template_urls : name => {
      content_type = "vztmpl"
      node_name    = coalesce(var.containers[name].node_name, var.node_name)
      url          = url
      checksum     = url == var.container_template_url ? var.container_template_checksum : var.containers[name].template_checksum
      shared       = url == var.container_template_url
    } if url != null },
  )
}
