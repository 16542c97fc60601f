# Scrape targets: ${what}. Rendered from the
# inventories of all environments; the next delivery replaces this file.
%{ if length(targets) == 0 ~}
[]
%{ endif ~}
%{ for target in targets ~}
- targets: [${jsonencode(target.address)}]
  labels:
    instance: ${jsonencode(target.instance)}
    environment: ${jsonencode(target.environment)}
%{ if can(target.role) ~}
    role: ${target.role}
%{ endif ~}
%{ if can(target.job) ~}
    job: ${jsonencode(target.job)}
    __metrics_path__: ${jsonencode(target.path)}
%{ endif ~}
%{ endfor ~}
