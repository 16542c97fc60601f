# What the variables refuse; none of it needs a resource (tools/test-terraform.ts leaves them out).

mock_provider "proxmox" {}

variables {
  storage = "nas"
}

run "rejects_job_id_of_one_letter" {
  command = plan

  variables {
    job_id = "a"
  }

  expect_failures = [var.job_id]
}

run "rejects_job_id_with_blank" {
  command = plan

  variables {
    job_id = "every night"
  }

  expect_failures = [var.job_id]
}

run "rejects_schedule_empty" {
  command = plan

  variables {
    schedule = ""
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_as_cron" {
  command = plan

  variables {
    schedule = "0 1 * * * ;"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_hour_24" {
  command = plan

  variables {
    schedule = "24:61"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_with_systemd_word" {
  command = plan

  variables {
    schedule = "reboot"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_weekday_unknown" {
  command = plan

  variables {
    schedule = "mo 01:00"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_of_month_13" {
  command = plan

  variables {
    schedule = "2026-13-1"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_step_zero" {
  command = plan

  variables {
    schedule = "*/0"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_with_am_or_pm" {
  command = plan

  variables {
    schedule = "1:00 am"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_list_with_a_comma_left" {
  command = plan

  variables {
    schedule = "mon, 01:00"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_as_cron_line" {
  command = plan

  variables {
    schedule = "0 1 * * *"
  }

  expect_failures = [var.schedule]
}

run "rejects_schedule_range_that_goes_down" {
  command = plan

  variables {
    schedule = "17..8:00"
  }

  expect_failures = [var.schedule]
}

run "rejects_storage_with_colon" {
  command = plan

  variables {
    storage = "nas:"
  }

  expect_failures = [var.storage]
}

run "rejects_mode_unknown" {
  command = plan

  variables {
    mode = "live"
  }

  expect_failures = [var.mode]
}

run "rejects_compress_unknown" {
  command = plan

  variables {
    compress = "xz"
  }

  expect_failures = [var.compress]
}

run "rejects_vm_id_too_small" {
  command = plan

  variables {
    vm_ids = [99]
  }

  expect_failures = [var.vm_ids]
}

run "rejects_vm_id_twice" {
  command = plan

  variables {
    vm_ids = [201, 201]
  }

  expect_failures = [var.vm_ids]
}

run "rejects_all_and_vm_ids" {
  command = plan

  variables {
    all    = true
    vm_ids = [201]
  }

  expect_failures = [var.all]
}

run "rejects_neither_all_nor_vm_ids" {
  command = plan

  variables {
    all = false
  }

  expect_failures = [var.all]
}

run "rejects_node_with_dot" {
  command = plan

  variables {
    node = "pve1.example"
  }

  expect_failures = [var.node]
}

run "rejects_keep_daily_negative" {
  command = plan

  variables {
    keep_daily = -1
  }

  expect_failures = [var.keep_daily]
}

run "rejects_nothing_kept" {
  command = plan

  variables {
    keep_daily   = 0
    keep_weekly  = 0
    keep_monthly = 0
  }

  expect_failures = [var.keep_daily]
}

run "rejects_keep_weekly_fraction" {
  command = plan

  variables {
    keep_weekly = 0.5
  }

  expect_failures = [var.keep_weekly]
}

run "rejects_keep_monthly_negative" {
  command = plan

  variables {
    keep_monthly = -1
  }

  expect_failures = [var.keep_monthly]
}

run "rejects_notes_template_with_unknown_field" {
  command = plan

  variables {
    notes_template = "{{name}}"
  }

  expect_failures = [var.notes_template]
}

run "rejects_notes_template_empty" {
  command = plan

  variables {
    notes_template = ""
  }

  expect_failures = [var.notes_template]
}

run "rejects_mail_address_without_host" {
  command = plan

  variables {
    mail_to = ["you"]
  }

  expect_failures = [var.mail_to]
}

run "rejects_mail_notification_unknown" {
  command = plan

  variables {
    mail_notification = "never"
  }

  expect_failures = [var.mail_notification]
}
