# Cloud images and container templates that the nodes download: one file for all guests
# of a node that are made from it. The same file in every environment.
#
# The environment's own image and template keep their names when their address changes,
# because a container whose template has another name would be replaced. All others are
# named after their address. local.sources says what to download.

locals {
  # Proxmox goes by the end of a name. It refuses .img for images to import: Ubuntu's
  # and others of that name are qcow2.
  download_ends = {
    for guest, file in local.sources : guest => replace(regex("\\.(?:qcow2|img|raw|vmdk|tar\\.gz|tar\\.xz|tar\\.zst)$", file.url), ".img", ".qcow2")
  }

  download_stems = {
    for guest, file in local.sources : guest => (
      file.shared ? { import = "image", vztmpl = "template" }[file.content_type]
      : "${replace(replace(basename(file.url), "/\\.(qcow2|img|raw|vmdk|tar\\.(gz|xz|zst))$/", ""), "/[^A-Za-z0-9_.-]/", "_")}-${substr(sha256(file.url), 0, 8)}"
    )
  }

  # Guest => name of the file it is made from. Environments share the storages of a
  # node, and nodes may share a storage.
  download_names = {
    for guest, file in local.sources : guest => "${local.environment}-${file.node_name}-${local.download_stems[guest]}${local.download_ends[guest]}"
  }

  downloads = { for guest, file in local.sources : local.download_names[guest] => file... }

  # Guest => the file, as Proxmox names it. Made of attributes that are known before the
  # download, so that a file that is downloaded once more changes no guest.
  file_ids = {
    for guest, name in local.download_names : guest => join("", [
      proxmox_download_file.this[name].datastore_id, ":",
      proxmox_download_file.this[name].content_type, "/",
      proxmox_download_file.this[name].file_name,
    ])
  }
}

resource "proxmox_download_file" "this" {
  for_each = local.downloads

  node_name    = each.value[0].node_name
  datastore_id = var.download_datastore_id
  content_type = each.value[0].content_type
  file_name    = each.key
  url          = each.value[0].url

  # ALGORITHM:DIGITS, of whichever of the guests names it.
  checksum           = try(split(":", compact(each.value[*].checksum)[0])[1], null)
  checksum_algorithm = try(split(":", compact(each.value[*].checksum)[0])[0], null)

  # With true every plan would ask the node for the size at that address, and download
  # an image called "latest" again whenever its makers publish one.
  overwrite = false

  # The names are this environment's own: such a file is left from an apply that failed.
  overwrite_unmanaged = true

  # Seconds. An image has half a GiB.
  upload_timeout = 1800
}
