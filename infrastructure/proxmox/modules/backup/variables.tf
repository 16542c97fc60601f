# Every default is written here, once: environments pass null for what the user
# left out, and `nullable = false` turns that into the default.

variable "job_id" {
  description = "Name of the job in Proxmox, one per cluster. A changed value replaces the job."
  type        = string
  default     = "pve-home"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{1,49}$", var.job_id))
    error_message = "job_id = \"${var.job_id}\" is not a job name: use letters, digits, _ and -, 2 to 50 of them, beginning with a letter, for example job_id = \"pve-home-prod\"."
  }
}

variable "schedule" {
  description = "When the job runs, as a systemd calendar event in the time zone of the node."
  type        = string
  default     = "01:00"
  nullable    = false

  validation {
    condition     = can(regex(local.calendar_event, var.schedule)) && !can(regex("\\*/0+([^0-9]|$)", var.schedule)) && length(var.schedule) <= 128
    error_message = "schedule = \"${var.schedule}\" is not a calendar event: name weekdays, a date, a time, or one of hourly, daily, weekly and monthly, as in \"mon..fri 22:00\" or \"*-*-1 03:30\", for example schedule = \"sat 18:15\"."
  }

  validation {
    condition     = alltrue([for range in regexall("[0-9]+\\.\\.[0-9]+", var.schedule) : tonumber(split("..", range)[0]) <= tonumber(split("..", range)[1])])
    error_message = "schedule = \"${var.schedule}\" has a range that goes down: begin with the lower number, for example schedule = \"8..17:30\"."
  }
}

# What Proxmox takes as a calendar event: its parser is proxmox_time::CalendarEvent,
# called by PVE::CalendarEvent. Outer blanks, which it would drop, are not accepted.
locals {
  calendar_number = {
    year   = "0*(2[01][0-9]{2}|[01]?[0-9]{1,3})"
    month  = "0*(1[0-2]|[0-9])"
    day    = "0*(3[01]|[12]?[0-9])"
    hour   = "0*(2[0-3]|1?[0-9])"
    minute = "0*[1-5]?[0-9]"
  }

  # Every one, every second one, or values, ranges and steps: *, */2, 1,4..8,10..20/5.
  calendar_list = {
    for unit, number in local.calendar_number :
    unit => replace("(\\*(/N)?|N(\\.\\.N)?(/N)?(,N(\\.\\.N)?(/N)?)*)", "N", number)
  }

  calendar_weekdays = replace("D(\\.\\.D)?(,D(\\.\\.D)?)*", "D", "(?i:mon(day)?|tue(sday)?|wed(nesday)?|thu(rsday)?|fri(day)?|sat(urday)?|sun(day)?)")
  calendar_date     = "(${local.calendar_list.year}-)?${local.calendar_list.month}-${local.calendar_list.day}"
  calendar_time     = "(${local.calendar_list.hour}:)?${local.calendar_list.minute}(:${local.calendar_list.minute})?"

  calendar_word  = "minutely|hourly|daily|weekly|monthly|quarterly|semi-?annually|annually|yearly"
  calendar_event = "^(${local.calendar_word}|${local.calendar_weekdays}|(${local.calendar_weekdays}[ \t]*)?(${local.calendar_date}|(${local.calendar_date}([ \t]+|\\b))?${local.calendar_time}))( *UTC)?$"
}

variable "storage" {
  description = "Storage the backups go to; content type Backup has to be allowed there."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_.-]*$", var.storage))
    error_message = "storage = \"${var.storage}\" is not a storage name: use one shown under Datacenter, Storage, for example storage = \"nas\"."
  }
}

variable "mode" {
  description = "snapshot (the guest goes on), suspend, or stop (the guest is down meanwhile)."
  type        = string
  default     = "snapshot"
  nullable    = false

  validation {
    condition     = contains(["snapshot", "suspend", "stop"], var.mode)
    error_message = "mode = \"${var.mode}\" is unknown: use snapshot, suspend or stop, for example mode = \"snapshot\"."
  }
}

variable "compress" {
  description = "Compression: zstd, lzo, gzip, or 0 for none."
  type        = string
  default     = "zstd"
  nullable    = false

  validation {
    condition     = contains(["0", "gzip", "lzo", "zstd"], var.compress)
    error_message = "compress = \"${var.compress}\" is unknown: use zstd, lzo, gzip or 0, for example compress = \"zstd\"."
  }
}

variable "enabled" {
  description = "Whether the job runs at its times."
  type        = bool
  default     = true
  nullable    = false
}

variable "vm_ids" {
  description = "Numbers of the guests to back up."
  type        = list(number)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.vm_ids : id >= 100 && id <= 999999999 && floor(id) == id]) && length(distinct(var.vm_ids)) == length(var.vm_ids)
    error_message = "vm_ids = ${jsonencode(var.vm_ids)} holds something that is not a guest number, or one twice: use whole numbers from 100 to 999999999, for example vm_ids = [201, 202]."
  }
}

variable "all" {
  description = "Whether every guest of the cluster (of `node`, where given) is backed up, declared or not; null: when vm_ids is empty."
  type        = bool
  default     = null

  validation {
    condition     = var.all == null ? true : var.all == (length(var.vm_ids) == 0)
    error_message = "all = ${jsonencode(var.all)} with vm_ids = ${jsonencode(var.vm_ids)}: a job backs up all guests or the named ones; use all = true alone, or for example vm_ids = [201, 202] alone."
  }
}

variable "node" {
  description = "Node the job is limited to; null for all."
  type        = string
  default     = null

  validation {
    condition     = var.node == null ? true : can(regex("^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$", var.node))
    error_message = "node = ${jsonencode(var.node)} is not a node name: use the name shown in Proxmox, for example node = \"pve1\"."
  }
}

variable "keep_daily" {
  description = "Days of which the last backup is kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.keep_daily >= 0 && floor(var.keep_daily) == var.keep_daily
    error_message = "keep_daily = ${var.keep_daily} is not a count: use a whole number from 0, for example keep_daily = 7."
  }

  validation {
    condition     = var.keep_daily + var.keep_weekly + var.keep_monthly > 0
    error_message = "keep_daily = ${var.keep_daily}, keep_weekly = ${var.keep_weekly}, keep_monthly = ${var.keep_monthly}: with none of them every backup is kept until the storage is full; use for example keep_daily = 7."
  }
}

variable "keep_weekly" {
  description = "Weeks of which the last backup is kept."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.keep_weekly >= 0 && floor(var.keep_weekly) == var.keep_weekly
    error_message = "keep_weekly = ${var.keep_weekly} is not a count: use a whole number from 0, for example keep_weekly = 4."
  }
}

variable "keep_monthly" {
  description = "Months of which the last backup is kept."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.keep_monthly >= 0 && floor(var.keep_monthly) == var.keep_monthly
    error_message = "keep_monthly = ${var.keep_monthly} is not a count: use a whole number from 0, for example keep_monthly = 3."
  }
}

variable "notes_template" {
  description = "Notes of each backup; Proxmox fills in {{guestname}}, {{vmid}}, {{node}} and {{cluster}}."
  type        = string
  default     = "{{guestname}} ({{vmid}}) on {{node}}"
  nullable    = false

  validation {
    condition     = var.notes_template != "" && trimspace(var.notes_template) == var.notes_template && !can(regex("\n", var.notes_template)) && length(setsubtract(flatten(regexall("\\{\\{([^}]*)\\}\\}", var.notes_template)), ["guestname", "vmid", "node", "cluster"])) == 0
    error_message = "notes_template = ${jsonencode(var.notes_template)} is empty, has outer blanks or a line break, or a field Proxmox does not know: use {{guestname}}, {{vmid}}, {{node}} and {{cluster}}, for example notes_template = \"{{guestname}} on {{node}}\"."
  }
}

variable "mail_to" {
  description = "Addresses told about the job; empty leaves that to the notification targets of the datacenter."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.mail_to : can(regex("^[^@ ,]+@[^@ ,]+$", address))])
    error_message = "mail_to = ${jsonencode(var.mail_to)} holds something that is not a mail address: use for example mail_to = [\"you@example.org\"]."
  }
}

variable "mail_notification" {
  description = "What mail_to is told: always, or failure only."
  type        = string
  default     = "failure"
  nullable    = false

  validation {
    condition     = contains(["always", "failure"], var.mail_notification)
    error_message = "mail_notification = \"${var.mail_notification}\" is unknown: use always or failure, for example mail_notification = \"failure\"."
  }
}
