# The backup job of the monitoring VM: without it its history is lost with its disk.

module "backup" {
  source = "../../modules/backup"
  count  = var.backup == null ? 0 : 1

  job_id            = "pve-home-${local.environment}"
  storage           = var.backup.storage
  schedule          = var.backup.schedule
  mode              = var.backup.mode
  compress          = var.backup.compress
  enabled           = var.backup.enabled
  vm_ids            = [module.monitoring.vm_id]
  keep_daily        = var.backup.keep_daily
  keep_weekly       = var.backup.keep_weekly
  keep_monthly      = var.backup.keep_monthly
  mail_to           = var.backup.mail_to
  mail_notification = var.backup.mail_notification
}
