# The backup job of the guests declared here. The same file in every environment
# with guests.

locals {
  backup_vm_ids = concat(
    [for vm in module.vms : vm.vm_id if vm.backup],
    [for container in module.containers : container.vm_id if container.backup],
  )
}

module "backup" {
  source = "../../modules/backup"
  count  = var.backup == null || length(local.backup_vm_ids) == 0 ? 0 : 1

  job_id            = "pve-home-${local.environment}"
  storage           = var.backup.storage
  schedule          = var.backup.schedule
  mode              = var.backup.mode
  compress          = var.backup.compress
  enabled           = var.backup.enabled
  vm_ids            = local.backup_vm_ids
  keep_daily        = var.backup.keep_daily
  keep_weekly       = var.backup.keep_weekly
  keep_monthly      = var.backup.keep_monthly
  mail_to           = var.backup.mail_to
  mail_notification = var.backup.mail_notification
}
