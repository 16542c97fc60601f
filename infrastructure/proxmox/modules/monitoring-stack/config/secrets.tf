# Secrets and certificates by reference: who renders the files never sees them.

locals {
  secrets = merge(
    {
      "grafana-admin-password" = {
        path        = "secrets/grafana-admin-password"
        services    = ["grafana"]
        required    = true
        description = "Password of the user admin of Grafana, read at its first start."
      }
      "pve-exporter.yml" = {
        path        = "secrets/pve-exporter.yml"
        services    = ["pve-exporter"]
        required    = true
        description = "Configuration of pve-exporter: in default, the keys user, token_name and token_value of a token that may read (PVEAuditor)."
        settings    = { verify_ssl = var.pve_verify_ssl }
      }
    },
    var.pve_ca ? { "pve-ca.pem" = {
      path        = "secrets/pve-ca.pem"
      services    = ["pve-exporter"]
      required    = true
      description = "Certificate of the authority that signed those of the nodes."
    } } : {},
    var.telegram_chat_id == null ? {} : { "telegram-bot-token" = {
      path        = "secrets/telegram-bot-token"
      services    = ["alertmanager"]
      required    = true
      description = "Token of the Telegram bot that sends the alerts."
    } },
    var.uptime_kuma_enabled && var.uptime_kuma_metrics ? { "uptime-kuma-metrics-key" = {
      path        = "secrets/uptime-kuma-metrics-key"
      services    = ["prometheus"]
      required    = true
      description = "API key of Uptime Kuma, with which Prometheus reads its metrics."
    } } : {},
  )

  # The wildcard is for the services of guests, which the certificate's maker may not know.
  certificates = var.tls_enabled ? {
    ca     = "traefik/certs/ca.crt"
    cert   = "traefik/certs/stack.crt"
    key    = "traefik/certs/stack.key"
    names  = concat(sort([for host in local.route_hosts : "${host}.${var.domain_suffix}"]), ["*.${var.domain_suffix}"])
    reload = "recreate:traefik"
  } : null
}
