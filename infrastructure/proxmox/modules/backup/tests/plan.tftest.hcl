# What is planned from which input, and what the module tells its caller.

mock_provider "proxmox" {}

variables {
  storage = "nas"
}

run "defaults" {
  command = plan

  assert {
    condition     = proxmox_backup_job.this.id == "pve-home" && proxmox_backup_job.this.storage == "nas" && proxmox_backup_job.this.mode == "snapshot" && proxmox_backup_job.this.compress == "zstd" && proxmox_backup_job.this.enabled
    error_message = "the job is not the default one"
  }

  assert {
    condition     = proxmox_backup_job.this.all && proxmox_backup_job.this.vmid == null && output.vm_ids == null
    error_message = "without ids the job does not back up all guests"
  }

  assert {
    condition     = proxmox_backup_job.this.mailto == null && proxmox_backup_job.this.notes_template == "{{guestname}} ({{vmid}}) on {{node}}"
    error_message = "notifications or notes are not the default ones"
  }
}

run "every_setting_is_recorded_at_its_position" {
  command = plan

  variables {
    schedule     = "sat 03:30"
    mode         = "stop"
    compress     = "0"
    vm_ids       = [201, 202]
    enabled      = false
    keep_daily   = 1
    keep_weekly  = 2
    keep_monthly = 3
  }

  assert {
    condition     = jsonencode(terraform_data.backup_job.triggers_replace) == jsonencode(["sat 03:30", "nas", "stop", "0", false, false, "201,202", 1, 2, 3])
    error_message = "settings are ${jsonencode(terraform_data.backup_job.triggers_replace)}"
  }

  assert {
    condition     = proxmox_backup_job.this.schedule == "sat 03:30" && proxmox_backup_job.this.mode == "stop" && proxmox_backup_job.this.compress == "0" && proxmox_backup_job.this.enabled == false
    error_message = "the job is not the one asked for"
  }

  assert {
    condition     = proxmox_backup_job.this.vmid == tolist(["201", "202"]) && output.vm_ids == tolist([201, 202]) && terraform_data.all.input == false
    error_message = "the job does not back up 201 and 202 alone"
  }

  assert {
    condition     = output.retention == { "keep-daily" = "1", "keep-weekly" = "2", "keep-monthly" = "3" }
    error_message = "retention is ${jsonencode(output.retention)}"
  }
}

run "what_is_not_kept_is_left_out" {
  command = plan

  variables {
    keep_daily   = 0
    keep_weekly  = 0
    keep_monthly = 6
  }

  assert {
    condition     = proxmox_backup_job.this.prune_backups == tomap({ "keep-monthly" = "6" })
    error_message = "retention is ${jsonencode(proxmox_backup_job.this.prune_backups)}"
  }
}

run "mail" {
  command = plan

  variables {
    mail_to           = ["you@example.org"]
    mail_notification = "always"
  }

  assert {
    condition     = proxmox_backup_job.this.mailto == tolist(["you@example.org"]) && proxmox_backup_job.this.mailnotification == "always"
    error_message = "mail goes to ${jsonencode(proxmox_backup_job.this.mailto)}"
  }
}

run "outputs" {
  command = plan

  variables {
    job_id   = "pve-home-prod"
    schedule = "02:00"
    node     = "pve1"
  }

  assert {
    condition     = output.job_id == "pve-home-prod" && output.schedule == "02:00" && output.storage == "nas" && output.enabled && proxmox_backup_job.this.node == "pve1"
    error_message = "job_id, schedule, storage, enabled or node is not what was declared"
  }
}
