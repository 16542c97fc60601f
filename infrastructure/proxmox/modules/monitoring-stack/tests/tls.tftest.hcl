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
    condition     = length(tls_private_key.ca) == 0 && length(tls_self_signed_cert.ca) == 0 && output.ca_certificate == null
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

  # Checks ask the services themselves, whatever Traefik does.
  assert {
    condition     = alltrue([for service in output.service_entries : startswith(service.url, "http://192.168.1.51:")])
    error_message = "services are ${jsonencode(output.service_entries)}"
  }
}

run "rejects_tls_without_traefik" {
  command = plan

  variables {
    tls_enabled     = true
    traefik_enabled = false
  }

  expect_failures = [var.tls_enabled]
}
