# `npm run check` runs TFLint over every module and environment.
config {
  call_module_type = "local"
}

plugin "terraform" {
  enabled = true
  preset  = "all"
}

# A module that only calls others names their providers all the same: its tests mock
# them by that name, and an environment says which versions it takes.
rule "terraform_unused_required_providers" {
  enabled = false
}
