/**
 * Whether an attribute shows that a certificate is due: the provider hashicorp/tls sets it by the clock when it reads
 * one, from `early_renewal_hours` before its end on, and then plans a replacement (internal/provider/common_cert.go).
 */
export function isRenewal(type: string, path: string): boolean {
  return (
    (type === "tls_self_signed_cert" || type === "tls_locally_signed_cert") && path === "ready_for_renewal"
  );
}
