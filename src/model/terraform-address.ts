/** The module that an address of Terraform is in: `module.vms["web"]`; `""` for the configuration itself. */
export function moduleOf(address: string): string {
  const steps = /^(?:module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)*/.exec(address)?.[0] ?? "";
  return steps.replace(/\.$/, "");
}

/** What a module notes in the state for itself: a `terraform_data` in it. */
export function isBookkeeping(address: string): boolean {
  const module = moduleOf(address);
  return module !== "" && address.startsWith(`${module}.terraform_data.`);
}
