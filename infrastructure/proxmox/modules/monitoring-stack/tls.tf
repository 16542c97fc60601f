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
