output "endpoint_url" {
  description = "Address of the S3 API."
  value       = local.endpoint_url
}

output "console_url" {
  description = "Address of the web console."
  value       = local.console_url
}

output "container_id" {
  description = "Number of the container."
  value       = module.container.vm_id
}

output "ip_address" {
  description = "Address of the container."
  value       = local.ip_address
}

output "tags" {
  description = "All tags, sorted as Proxmox shows them."
  value       = module.container.tags
}

output "backup" {
  description = "Whether backup jobs are to include the container."
  value       = module.container.backup
}

output "manifest" {
  description = "What is to be inside the container: packages, downloads, files, secrets (as references), units, buckets."
  value       = local.manifest
}

output "undelivered" {
  description = "What is asked for and nothing installs: minio itself, and what else is said for inside the container."
  value       = concat(["minio"], module.container.undelivered)
}

output "inventory_entry" {
  description = "The container in the environment's inventory (docs/inventory.schema.json)."
  value       = module.container.inventory_entry
}

output "service_entry" {
  description = "The service in the environment's inventory (docs/inventory.schema.json)."
  value = {
    name        = var.name
    kind        = "minio"
    guest       = var.name
    url         = local.endpoint_url
    health_path = "/minio/health/live"
    host        = null
    port        = var.api_port
    # It shows its metrics to those with a token of it alone.
    scrape  = null
    monitor = true
  }
}
