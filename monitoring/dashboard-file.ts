import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

/** A dashboard as Grafana's provisioning reads it: with numbers for panels and letters for queries, which links use. */
export function dashboardFile(dashboard: Dashboard): string {
  const panels = (dashboard.panels ?? []).map((panel, index) => ({
    id: index + 1,
    ...panel,
    ...("targets" in panel ? { targets: panel.targets?.map(lettered) } : {}),
  }));
  // The library puts links into a menu; without a placement they are seen.
  const links = (dashboard.links ?? []).map(({ placement, ...link }) => link);
  return `${JSON.stringify({ ...dashboard, links, panels }, null, 2)}\n`;
}

function lettered(target: object, index: number): object {
  return { refId: String.fromCharCode("A".charCodeAt(0) + index), ...target };
}
