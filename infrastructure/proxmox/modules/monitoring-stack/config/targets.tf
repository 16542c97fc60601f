# What Prometheus asks and Traefik routes besides the stack: read from the inventories
# of all environments.

locals {
  # Guests by environment and name: each with its address as it is written before a port.
  guest_hosts = merge([for inventory in var.inventories : {
    for guest in inventory.guests : "${inventory.environment}/${guest.name}" => (
      guest.address == null ? null : strcontains(guest.address, ":") ? "[${guest.address}]" : guest.address
    )
  }]...)

  # The machine itself, whatever the inventories say of it.
  own = "${var.environment}/${var.hostname}"

  own_node_exporter = {
    address     = var.node_exporter_container ? "node-exporter:9100" : "host.docker.internal:9100"
    instance    = var.hostname
    role        = "vm"
    environment = var.environment
  }

  guest_node_exporters = flatten([for inventory in var.inventories : [for guest in inventory.guests : {
    address     = "${local.guest_hosts["${inventory.environment}/${guest.name}"]}:9100"
    instance    = guest.name
    role        = guest.type
    environment = inventory.environment
  } if guest.node_exporter && guest.address != null && "${inventory.environment}/${guest.name}" != local.own]])

  # A node belongs to every environment that has guests on it, and is asked once: with
  # the first one's name, in the order of the inventories.
  declared_nodes = concat(
    [for name, node in var.pve_nodes : { name = name, address = node.address, api_port = node.api_port, node_exporter = false, environment = var.environment }],
    flatten([for inventory in var.inventories : [for node in inventory.nodes : merge(node, { environment = inventory.environment }) if node.address != null]]),
  )
  nodes = [for nodes in values({ for node in local.declared_nodes : "${node.address}:${node.api_port}" => merge(node, {
    host = strcontains(node.address, ":") ? "[${node.address}]" : node.address
  })... }) : merge(nodes[0], { node_exporter = anytrue(nodes[*].node_exporter) })]

  node_targets = concat(
    [local.own_node_exporter],
    local.guest_node_exporters,
    [for node in local.nodes : { address = "${node.host}:9100", instance = node.name, role = "pve", environment = node.environment } if node.node_exporter],
  )

  pve_targets = [for node in local.nodes : { address = "${node.host}:${node.api_port}", instance = node.name, role = "pve", environment = node.environment }]

  # Where each service listens: at the address of its guest, without one at the host of its url.
  services_elsewhere = [for service in flatten([for inventory in var.inventories : [for service in inventory.services : merge(service, {
    environment = inventory.environment
    machine     = "${inventory.environment}/${service.guest == null ? "" : service.guest}"
    at = (
      service.guest == null
      ? regex("^https?://(\\[[^\\]]+\\]|[^/:]+)", service.url)[0]
      : lookup(local.guest_hosts, "${inventory.environment}/${service.guest}", null)
    )
  })]]) : service if service.machine != local.own && service.at != null]

  service_targets = [for service in local.services_elsewhere : {
    address     = "${service.at}:${service.scrape.port}"
    path        = service.scrape.path
    job         = service.scrape.job
    instance    = service.guest == null ? service.name : service.guest
    environment = service.environment
  } if service.scrape != null]

  # Of other environments: in its own one, another machine with this stack would claim the same names.
  guest_routes = [for service in local.services_elsewhere : {
    name = "${service.environment}-${service.name}"
    host = service.host
    # Over TLS where its url says so for that port; Traefik verifies the certificate.
    url = "${can(regex("^https://[^/]+:${service.port}(/|$)", service.url)) || (startswith(service.url, "https://") && service.port == 443) ? "https" : "http"}://${service.at}:${service.port}"
  } if service.host != null && service.environment != var.environment && var.traefik_enabled]

  route_hosts = concat([for name, service in local.routed : service.host], local.guest_routes[*].host)
  # Hosts that two services claim.
  claimed_twice = distinct([for host in local.route_hosts : host if length([for other in local.route_hosts : other if other == host]) > 1])
}
