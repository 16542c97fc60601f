# Values at the edge of what the variables accept, planned.

mock_provider "proxmox" {}

variables {
  storage = "nas"
}

run "accepts_every_kind_of_schedule" {
  command = plan

  variables {
    schedule = "mon..fri *-*-* 22:00"
  }
}

run "accepts_schedule_keyword" {
  command = plan

  variables {
    schedule = "hourly"
  }
}

run "accepts_schedule_keyword_in_utc" {
  command = plan

  variables {
    schedule = "semi-annually UTC"
  }
}

run "accepts_schedule_minutes" {
  command = plan

  variables {
    schedule = "*/15"
  }
}

run "accepts_schedule_weekday_and_time" {
  command = plan

  variables {
    schedule = "sat 18:15"
  }
}

run "accepts_schedule_weekdays" {
  command = plan

  variables {
    schedule = "mon..fri,sun 01:00"
  }
}

run "accepts_schedule_weekdays_that_wrap" {
  command = plan

  variables {
    schedule = "Sat..Monday"
  }
}

run "accepts_schedule_date" {
  command = plan

  variables {
    schedule = "2026-1..3-1,15 22:00:30"
  }
}

run "accepts_schedule_range_with_step" {
  command = plan

  variables {
    schedule = "8..17/2:05,35"
  }
}

run "accepts_schedule_weekday_of_a_month" {
  command = plan

  variables {
    schedule = "sun *-*-1..7 03:30"
  }
}

run "accepts_named_guests" {
  command = plan

  variables {
    job_id = "ab"
    vm_ids = [100, 999999999]
    all    = false
  }
}

run "accepts_all_guests_of_a_node" {
  command = plan

  variables {
    all  = true
    node = "pve-1"
  }
}

run "accepts_other_modes" {
  command = plan

  variables {
    mode     = "suspend"
    compress = "lzo"
  }
}

run "accepts_only_months" {
  command = plan

  variables {
    keep_daily   = 0
    keep_weekly  = 0
    keep_monthly = 1
  }
}

run "accepts_notes_and_mail" {
  command = plan

  variables {
    notes_template    = "{{cluster}}/{{node}}/{{vmid}} {{guestname}}"
    mail_to           = ["a@b.example", "c@d"]
    mail_notification = "always"
  }
}
