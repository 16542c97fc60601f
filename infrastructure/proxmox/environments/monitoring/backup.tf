# The backup job of the monitoring VM, and of the state store: without it their history
# is lost with their disks.

module "backup" {
  source = "../../modules/backup"
  count  = var.backup == null ? 0 : 1

  job_id            = "pve-home-${local.environment}"
  storage           = var.backup.storage
  schedule          = var.backup.schedule
  mode              = var.backup.mode
  compress          = var.backup.compress
  enabled           = var.backup.enabled
  vm_ids            = concat([module.monitoring.vm_id], [for minio in module.minio : minio.container_id if minio.backup])
  keep_daily        = var.backup.keep_daily
  keep_weekly       = var.backup.keep_weekly
  keep_monthly      = var.backup.keep_monthly
  mail_to           = var.backup.mail_to
  mail_notification = var.backup.mail_notification
}
