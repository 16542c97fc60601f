# The authority behind HTTPS in the house: devices that trust it trust every service
# of the stack.

resource "tls_private_key" "ca" {
  count = var.tls_enabled ? 1 : 0

  # Not ED25519, which browsers do not take in certificates.
  algorithm   = "ECDSA"
  ecdsa_curve = "P256"
}

resource "tls_self_signed_cert" "ca" {
  count = var.tls_enabled ? 1 : 0

  private_key_pem   = tls_private_key.ca[0].private_key_pem
  is_ca_certificate = true

  subject {
    common_name  = "${var.domain_suffix} CA"
    organization = "pve-home"
  }

  # Ten years, because every device has to import it by hand; a plan in the last of
  # them proposes the next one.
  validity_period_hours = 10 * 365 * 24
  early_renewal_hours   = 365 * 24
  set_subject_key_id    = true

  allowed_uses = ["cert_signing", "crl_signing"]
}

# What Traefik serves: one certificate for every name, and for those below the domain
# that guests' services have.

resource "tls_private_key" "stack" {
  count = var.tls_enabled ? 1 : 0

  algorithm   = "ECDSA"
  ecdsa_curve = "P256"
}

resource "tls_cert_request" "stack" {
  count = var.tls_enabled ? 1 : 0

  private_key_pem = tls_private_key.stack[0].private_key_pem
  dns_names       = module.config.certificates.names

  subject {
    common_name = var.domain_suffix
  }
}

resource "tls_locally_signed_cert" "stack" {
  count = var.tls_enabled ? 1 : 0

  cert_request_pem   = tls_cert_request.stack[0].cert_request_pem
  ca_private_key_pem = tls_private_key.ca[0].private_key_pem
  ca_cert_pem        = tls_self_signed_cert.ca[0].cert_pem

  # Apple takes certificates of such an authority for 825 days at most. A plan in the last
  # two months proposes the next one, which `drift` shows as pending.
  validity_period_hours = 397 * 24
  early_renewal_hours   = 60 * 24
  set_subject_key_id    = true

  allowed_uses = ["digital_signature", "server_auth"]
}
