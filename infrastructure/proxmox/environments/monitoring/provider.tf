# Who we are to Proxmox comes from the environment, never from a file:
#   PROXMOX_VE_ENDPOINT   https://pve1.example:8006/
#   PROXMOX_VE_API_TOKEN  USER@REALM!TOKENID=SECRET
# The ssh block serves snippets alone; its credentials are PROXMOX_VE_SSH_USERNAME
# and PROXMOX_VE_SSH_PRIVATE_KEY (or an agent: PROXMOX_VE_SSH_AGENT=true).
provider "proxmox" {
  endpoint = var.proxmox_endpoint
  insecure = var.proxmox_insecure

  dynamic "ssh" {
    for_each = var.node_ssh == null ? [] : [var.node_ssh]

    content {
      username = ssh.value.username
      agent    = ssh.value.agent

      dynamic "node" {
        for_each = ssh.value.nodes

        content {
          name    = node.key
          address = node.value.address
          port    = node.value.port
        }
      }
    }
  }
}
