# What is made from the inventories of all environments.

variables {
  ip_address = "192.168.1.51"

  inventories = [
    {
      schema_version = 2
      environment    = "monitoring"
      domain         = "home.lan"
      nodes          = [{ name = "pve1", address = "192.168.1.50", api_port = 8006, node_exporter = false }]
      guests = [
        { name = "monitoring-stack", type = "vm", address = "192.168.1.51", node_exporter = true },
        { name = "minio", type = "lxc", address = "192.168.1.52", node_exporter = true },
      ]
      services = [
        { name = "grafana", guest = "monitoring-stack", url = "http://192.168.1.51:3000", host = "grafana", port = 3000, scrape = { path = "/metrics", port = 3000, job = "grafana" } },
        { name = "minio", guest = "minio", url = "http://192.168.1.52:9000", host = null, port = 9000, scrape = null },
      ]
    },
    {
      schema_version = 2
      environment    = "prod"
      domain         = null
      nodes = [
        { name = "pve1", address = "192.168.1.50", api_port = 8006, node_exporter = true },
        { name = "pve2", address = null, api_port = 8006, node_exporter = true },
        { name = "pve3", address = "fd00::50", api_port = 8007, node_exporter = false },
      ]
      guests = [
        { name = "web", type = "vm", address = "192.168.1.20", node_exporter = true },
        { name = "new", type = "vm", address = null, node_exporter = true },
        { name = "plain", type = "lxc", address = "192.168.1.21", node_exporter = false },
      ]
      services = [
        { name = "wiki", guest = "web", url = "http://192.168.1.20:8080", host = "wiki", port = 8080, scrape = { path = "/stats", port = 9200, job = "wiki" } },
        { name = "later", guest = "new", url = "http://new:8080", host = "later", port = 8080, scrape = null },
        { name = "nas", guest = null, url = "https://nas.home.arpa:5001/ui", host = "nas", port = 5001, scrape = null },
        { name = "six", guest = null, url = "http://[fd00::9]:8080", host = null, port = 8080, scrape = { path = "/metrics", port = 9100, job = "six" } },
      ]
    },
  ]
}

run "scrape_targets" {
  command = plan

  assert {
    condition = [for target in yamldecode(output.files["prometheus/targets/node.yml"].content) : "${target.targets[0]} ${target.labels.instance} ${target.labels.role} ${target.labels.environment}"] == [
      "host.docker.internal:9100 monitoring-stack vm monitoring",
      "192.168.1.52:9100 minio lxc monitoring",
      "192.168.1.20:9100 web vm prod",
      "192.168.1.50:9100 pve1 pve monitoring",
    ]
    error_message = "targets are ${output.files["prometheus/targets/node.yml"].content}"
  }

  assert {
    condition     = [for target in yamldecode(output.files["prometheus/targets/pve.yml"].content) : "${target.targets[0]} ${target.labels.instance}"] == ["192.168.1.50:8006 pve1", "[fd00::50]:8007 pve3"]
    error_message = "targets are ${output.files["prometheus/targets/pve.yml"].content}"
  }

  assert {
    condition = [for target in yamldecode(output.files["prometheus/targets/services.yml"].content) : "${target.targets[0]}${target.labels["__metrics_path__"]} ${target.labels.job} ${target.labels.instance} ${target.labels.environment}"] == [
      "192.168.1.20:9200/stats wiki web prod",
      "[fd00::9]:9100/metrics six six prod",
    ]
    error_message = "targets are ${output.files["prometheus/targets/services.yml"].content}"
  }
}

run "nodes_said_directly" {
  command = plan

  variables {
    inventories = []
    pve_nodes   = { lab = { address = "host.docker.internal", api_port = 18006 } }
  }

  assert {
    condition     = [for target in yamldecode(output.files["prometheus/targets/pve.yml"].content) : "${target.targets[0]} ${target.labels.instance}"] == ["host.docker.internal:18006 lab"]
    error_message = "targets are ${output.files["prometheus/targets/pve.yml"].content}"
  }
}

run "routes_of_guests_services" {
  command = plan

  assert {
    condition = { for name, router in yamldecode(output.files["traefik/dynamic/dynamic.yml"].content).http.routers : name => "${router.rule} ${yamldecode(output.files["traefik/dynamic/dynamic.yml"].content).http.services[router.service].loadBalancer.servers[0].url}" if startswith(name, "prod-") } == {
      prod-wiki = "Host(`wiki.home.lan`) http://192.168.1.20:8080"
      prod-nas  = "Host(`nas.home.lan`) https://nas.home.arpa:5001"
    }
    error_message = "routers are ${output.files["traefik/dynamic/dynamic.yml"].content}"
  }
}

run "their_names_are_in_the_certificate" {
  command = plan

  variables {
    tls_enabled = true
  }

  assert {
    condition     = length(setsubtract(["wiki.home.lan", "nas.home.lan", "grafana.home.lan", "*.home.lan"], output.certificates.names)) == 0
    error_message = "names are ${jsonencode(output.certificates.names)}"
  }
}

# On a laptop, beside the monitoring VM.
run "another_machine_with_the_stack_claims_no_name" {
  command = plan

  variables {
    hostname = "laptop"
  }

  assert {
    condition     = [for name, router in yamldecode(output.files["traefik/dynamic/dynamic.yml"].content).http.routers : name if router.rule == "Host(`grafana.home.lan`)"] == ["grafana"]
    error_message = "routers are ${output.files["traefik/dynamic/dynamic.yml"].content}"
  }

  assert {
    condition     = contains(flatten([for target in yamldecode(output.files["prometheus/targets/node.yml"].content) : target.targets]), "192.168.1.51:9100")
    error_message = "the monitoring VM is no target: ${output.files["prometheus/targets/node.yml"].content}"
  }
}

run "no_routes_without_traefik" {
  command = plan

  variables {
    traefik_enabled = false
  }

  assert {
    condition     = !can(output.files["traefik/dynamic/dynamic.yml"])
    error_message = "there are routes without Traefik"
  }
}

run "rejects_a_host_that_two_services_claim" {
  command = plan

  variables {
    inventories = [{
      schema_version = 2
      environment    = "prod"
      nodes          = []
      guests         = [{ name = "web", type = "vm", address = "192.168.1.20", node_exporter = false }]
      services       = [{ name = "mine", guest = "web", url = "http://192.168.1.20:3000", host = "grafana", port = 3000, scrape = null }]
    }]
  }

  expect_failures = [output.files]
}
