# HTTPS in the house, with an authority of its own.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
}

run "off_by_default" {
  command = plan

  assert {
    condition     = length(tls_private_key.ca) == 0 && length(tls_self_signed_cert.ca) == 0 && length(tls_locally_signed_cert.stack) == 0 && output.ca_certificate == null && output.certificate == null && output.certificate_key == null
    error_message = "an authority is created that is not needed"
  }

  assert {
    condition     = alltrue([for url in values(output.service_urls) : startswith(url, "http://")])
    error_message = "service_urls is ${jsonencode(output.service_urls)}"
  }
}

run "authority" {
  command = plan

  variables {
    tls_enabled = true
  }

  assert {
    condition     = tls_private_key.ca[0].algorithm == "ECDSA" && tls_private_key.ca[0].ecdsa_curve == "P256"
    error_message = "the authority's key is ${tls_private_key.ca[0].algorithm}, which browsers may not take"
  }

  assert {
    condition     = tls_self_signed_cert.ca[0].is_ca_certificate && toset(tls_self_signed_cert.ca[0].allowed_uses) == toset(["cert_signing", "crl_signing"])
    error_message = "the certificate may not sign others, or may do more"
  }

  assert {
    condition     = tls_self_signed_cert.ca[0].subject[0].common_name == "home.lan CA"
    error_message = "devices would show the authority as ${tls_self_signed_cert.ca[0].subject[0].common_name}"
  }

  assert {
    condition     = tls_self_signed_cert.ca[0].validity_period_hours == 87600 && tls_self_signed_cert.ca[0].early_renewal_hours == 8760
    error_message = "the authority is valid for ${tls_self_signed_cert.ca[0].validity_period_hours} hours"
  }
}

run "every_name_is_https" {
  command = plan

  variables {
    tls_enabled = true
  }

  assert {
    condition     = alltrue([for url in values(output.service_urls) : startswith(url, "https://")]) && output.traefik_dashboard_url == "https://traefik.home.lan/dashboard/" && output.uptime_kuma_url == "https://uptime.home.lan"
    error_message = "service_urls is ${jsonencode(output.service_urls)}"
  }

  # Checks go the way that is left: by name, at the VM's address, without DNS.
  assert {
    condition     = alltrue([for service in output.service_entries : service.name == "node-exporter" ? service.url == "http://192.168.1.51:9100" && service.address == null : service.url == output.service_urls[service.name] && service.address == "192.168.1.51"])
    error_message = "services are ${jsonencode(output.service_entries)}"
  }
}

run "certificate_for_every_name" {
  command = plan

  variables {
    tls_enabled   = true
    domain_suffix = "home.arpa"
  }

  assert {
    condition     = tls_cert_request.stack[0].dns_names == tolist(["alertmanager.home.arpa", "grafana.home.arpa", "loki.home.arpa", "prometheus.home.arpa", "promtail.home.arpa", "pve-exporter.home.arpa", "traefik.home.arpa", "uptime.home.arpa", "*.home.arpa"])
    error_message = "names are ${jsonencode(tls_cert_request.stack[0].dns_names)}"
  }

  # 825 days is what Apple takes; two months before the end a plan proposes the next one.
  assert {
    condition     = tls_locally_signed_cert.stack[0].validity_period_hours == 9528 && tls_locally_signed_cert.stack[0].early_renewal_hours == 1440
    error_message = "the certificate is valid for ${tls_locally_signed_cert.stack[0].validity_period_hours} hours"
  }

  assert {
    condition     = toset(tls_locally_signed_cert.stack[0].allowed_uses) == toset(["digital_signature", "server_auth"]) && !tls_locally_signed_cert.stack[0].is_ca_certificate && tls_private_key.stack[0].algorithm == "ECDSA" && tls_private_key.stack[0].ecdsa_curve == "P256"
    error_message = "the certificate may do more than serve, or browsers do not take its key"
  }

  assert {
    condition     = tls_cert_request.stack[0].subject[0].common_name == "home.arpa" && tls_locally_signed_cert.stack[0].set_subject_key_id
    error_message = "the certificate is of ${tls_cert_request.stack[0].subject[0].common_name}"
  }
}

# The real provider signs: a chain of two, and renewal in time is a part of what it says.
run "signed_by_the_authority" {
  command = apply

  variables {
    tls_enabled = true
  }

  assert {
    condition     = tls_locally_signed_cert.stack[0].ca_cert_pem == output.ca_certificate && !tls_locally_signed_cert.stack[0].ready_for_renewal && output.certificate != output.ca_certificate && startswith(output.certificate_key, "-----BEGIN EC PRIVATE KEY-----")
    error_message = "the certificate is not the authority's"
  }
}

run "ports_and_redirect" {
  command = plan

  variables {
    tls_enabled = true
  }

  assert {
    condition     = output.ports == { "80" = "traefik", "443" = "traefik", "3100" = "loki" }
    error_message = "other machines reach ${jsonencode(output.ports)}"
  }

  assert {
    condition     = yamldecode(module.config.files["docker-compose.yml"].content).services.grafana.ports == ["127.0.0.1:3000:3000"] && yamldecode(module.config.files["docker-compose.yml"].content).services.traefik.ports == ["127.0.0.1:8080:8080", "80:80", "443:443"] && yamldecode(module.config.files["docker-compose.yml"].content).services.loki.ports == ["3100:3100"]
    error_message = "a plain port is open"
  }

  assert {
    condition     = yamldecode(module.config.files["traefik/traefik.yml"].content).entryPoints.web.http.redirections.entryPoint == { to = "websecure", scheme = "https" } && can(yamldecode(module.config.files["traefik/traefik.yml"].content).entryPoints.websecure.http.tls)
    error_message = "entry points are ${module.config.files["traefik/traefik.yml"].content}"
  }

  assert {
    condition     = yamldecode(module.config.files["traefik/dynamic/dynamic.yml"].content).tls.stores.default.defaultCertificate == { certFile = "/etc/${module.config.certificates.cert}", keyFile = "/etc/${module.config.certificates.key}" }
    error_message = "Traefik serves ${module.config.files["traefik/dynamic/dynamic.yml"].content}"
  }

  assert {
    condition     = alltrue([for name, router in yamldecode(module.config.files["traefik/dynamic/dynamic.yml"].content).http.routers : router.entryPoints == [name == "dashboard" ? "dashboard" : "websecure"]])
    error_message = "a router answers plain HTTP"
  }
}

run "no_certificates_without_tls" {
  command = plan

  assert {
    condition     = module.config.certificates == null && !can(module.config.directories["traefik/certs"]) && !can(yamldecode(module.config.files["traefik/dynamic/dynamic.yml"].content).tls)
    error_message = "there are certificates without HTTPS"
  }
}
