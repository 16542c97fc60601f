# What the monitoring environment needs of the guests here. The same file in every
# environment with guests.

locals {
  # Its health checks log in with a key of their own: the output
  # health_check_public_key of environments/monitoring.
  monitoring_keys = var.health_check_public_key == null ? [] : [var.health_check_public_key]
}
