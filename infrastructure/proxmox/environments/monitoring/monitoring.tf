# What is open on the monitoring VM. SSH and ping are module vm's, from
# management_networks alone.

locals {
  # 80 and 443 for the names; 3100 and 9080 for logs; 3000, 3001, 8080, 9090 and 9093
  # for those who have no names yet; 9221 for metrics. With TLS 80, 443 and 3100. Read
  # from the stack, so that a service switched off closes its ports. Node-exporter's 9100
  # is module vm's as well.
  firewall_rules = [for port, service in module.monitoring.ports : { dport = port, comment = service }]
}
