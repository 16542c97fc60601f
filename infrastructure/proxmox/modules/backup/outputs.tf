output "job_id" {
  description = "Name of the job in Proxmox."
  value       = proxmox_backup_job.this.id
}

output "schedule" {
  description = "When the job runs."
  value       = var.schedule
}

output "storage" {
  description = "Storage the backups go to."
  value       = var.storage
}

output "enabled" {
  description = "Whether the job runs at its times."
  value       = var.enabled
}

output "vm_ids" {
  description = "Guests that are backed up; null for all."
  value       = local.all ? null : var.vm_ids
}

output "retention" {
  description = "What is kept, as Proxmox calls it."
  value       = local.retention
}
