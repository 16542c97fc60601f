# Mistakes that were mended once and must not come back. Each run names the
# version of the fix it guards.

mock_provider "proxmox" {}

variables {
  storage = "nas"
}

# v0.7.0: retention is recorded, seven days by default, at position 7.
run "retention_by_default" {
  command = plan

  assert {
    condition     = terraform_data.backup_job.triggers_replace[7] == 7
    error_message = "keep_daily is ${jsonencode(terraform_data.backup_job.triggers_replace[7])}, expected 7"
  }

  assert {
    condition     = proxmox_backup_job.this.prune_backups["keep-daily"] == "7"
    error_message = "retention is ${jsonencode(proxmox_backup_job.this.prune_backups)}"
  }
}

# v0.7.0: no ids are an empty string, not null.
run "no_vm_ids_are_an_empty_string" {
  command = plan

  variables {
    vm_ids = []
  }

  assert {
    condition     = terraform_data.backup_job.triggers_replace[6] != null && terraform_data.backup_job.triggers_replace[6] == ""
    error_message = "ids are ${jsonencode(terraform_data.backup_job.triggers_replace[6])}, expected an empty string"
  }
}

# v0.7.0: a job that is off keeps its retention.
run "disabled_keeps_the_retention" {
  command = plan

  variables {
    enabled = false
  }

  assert {
    condition     = terraform_data.backup_job.triggers_replace[5] == false && terraform_data.backup_job.triggers_replace[7] == 7 && terraform_data.backup_job.triggers_replace[8] == 4 && terraform_data.backup_job.triggers_replace[9] == 0
    error_message = "settings are ${jsonencode(terraform_data.backup_job.triggers_replace)}"
  }

  assert {
    condition     = proxmox_backup_job.this.enabled == false && proxmox_backup_job.this.prune_backups == tomap({ "keep-daily" = "7", "keep-weekly" = "4" })
    error_message = "the job is on, or lost its retention"
  }
}

# v0.7.0: one o'clock at night by default, at position 0.
run "schedule_by_default" {
  command = plan

  assert {
    condition     = terraform_data.backup_job.triggers_replace[0] == "01:00" && proxmox_backup_job.this.schedule == "01:00"
    error_message = "schedule is ${jsonencode(terraform_data.backup_job.triggers_replace[0])}, expected 01:00"
  }
}
