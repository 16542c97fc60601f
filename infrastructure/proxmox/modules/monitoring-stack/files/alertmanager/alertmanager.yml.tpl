# Alertmanager. Rendered from
# modules/monitoring-stack/files/alertmanager/alertmanager.yml.tpl: change it there, the
# next delivery replaces this file.
%{ if telegram != null ~}
global:
  telegram_api_url: ${jsonencode(telegram.api_url)}

templates:
  - templates/*.tmpl

%{ endif ~}
# Severities: critical = act now, warning = today, info = once a day, none = not for people.
route:
  receiver: ${telegram == null ? "page" : "telegram"}
  group_by: [alertname, environment]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 12h
  routes:
    - matchers: ['severity="none"']
      receiver: page
    - matchers: ['severity="critical"']
      repeat_interval: 1h
    - matchers: ['severity="info"']
      group_wait: 10m
      repeat_interval: 24h

# What follows from another alert is not told beside it.
inhibit_rules:
  - source_matchers: ['alertname="HostDown"']
    target_matchers: ['alertname!="HostDown"']
    equal: [instance, environment]
  - source_matchers: ['alertname="ProxmoxNodeDown"']
    target_matchers: ['alertname=~"ProxmoxVMStopped|ProxmoxStorage.*|BackupStorage.*"']
    equal: [node]
  # The warning below the same critical one: the names differ.
  - source_matchers: ['alertname="DiskAlmostFull"']
    target_matchers: ['alertname="HighDiskUsage"']
    equal: [instance, mountpoint]
  - source_matchers: ['alertname=~"ProxmoxStorageCritical|BackupStorageCritical"']
    target_matchers: ['alertname=~"ProxmoxStorageAlmostFull|BackupStorageAlmostFull"']
    equal: [node, storage]
  # A storage of backups that is full is told once.
  - source_matchers: ['alertname="BackupStorageCritical"']
    target_matchers: ['alertname="ProxmoxStorageCritical"']
    equal: [node, storage]
  - source_matchers: ['alertname="BackupStorageAlmostFull"']
    target_matchers: ['alertname="ProxmoxStorageAlmostFull"']
    equal: [node, storage]

receivers:
  # On Alertmanager's page alone.
  - name: page
%{ if telegram != null ~}
  - name: telegram
    telegram_configs:
      - bot_token_file: /run/secrets/telegram-bot-token
        chat_id: ${telegram.chat_id}
        parse_mode: HTML
        message: '{{ template "pve-home.telegram" . }}'
%{ endif ~}
