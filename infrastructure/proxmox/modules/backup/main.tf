locals {
  all = coalesce(var.all, length(var.vm_ids) == 0)

  # Keys without a count are left out: Proxmox drops zeros, and the provider insists
  # on reading back what it wrote.
  retention = {
    for key, count in { "keep-daily" = var.keep_daily, "keep-weekly" = var.keep_weekly, "keep-monthly" = var.keep_monthly } :
    key => tostring(count) if count > 0
  }
}

# One job of its own: changing or destroying it touches no other job of the cluster.
resource "proxmox_backup_job" "this" {
  id       = var.job_id
  schedule = var.schedule
  storage  = var.storage
  mode     = var.mode
  compress = var.compress
  enabled  = var.enabled
  node     = var.node

  # The provider takes one of the two.
  all  = local.all ? true : null
  vmid = local.all ? null : [for id in var.vm_ids : tostring(id)]

  prune_backups  = local.retention
  notes_template = var.notes_template

  mailto           = length(var.mail_to) > 0 ? var.mail_to : null
  mailnotification = length(var.mail_to) > 0 ? var.mail_notification : null

  lifecycle {
    # Left out, `all` keeps its last value in an update, and Proxmox refuses it beside
    # vmid: the job is re-created.
    replace_triggered_by = [terraform_data.all]
  }
}

resource "terraform_data" "all" {
  input = local.all
}

# The settings as they were applied, to be compared; by position, because
# that is how they are read.
resource "terraform_data" "backup_job" {
  triggers_replace = [
    var.schedule,          # [0]
    var.storage,           # [1]
    var.mode,              # [2]
    var.compress,          # [3]
    local.all,             # [4]
    var.enabled,           # [5]
    join(",", var.vm_ids), # [6] "" when there are none, never null
    var.keep_daily,        # [7]
    var.keep_weekly,       # [8]
    var.keep_monthly,      # [9]
  ]
}
