# The nodes of the inventory. The same file in every environment.

locals {
  node_names = sort(distinct(concat([for guest in local.guests : guest.node], keys(var.nodes))))

  nodes = [for name in local.node_names : {
    name          = name
    address       = try(coalesce(try(var.nodes[name].address, null), try(var.node_ssh.nodes[name].address, null)), null)
    api_port      = try(var.nodes[name].api_port, 8006)
    node_exporter = try(var.nodes[name].node_exporter, false)
  }]
}
