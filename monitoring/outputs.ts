import { ruleFiles } from "./alerts/index.ts";
import { dashboardFile } from "./dashboard-file.ts";
import { dashboards } from "./dashboards/index.ts";
import { ruleFile } from "./rule-file.ts";
import { ruleTests } from "./rule-tests.ts";
import { runbookPage } from "./runbook.ts";
import { runbookIndex } from "./runbook-index.ts";

const stack = "infrastructure/proxmox/modules/monitoring-stack/files";
export const rulesFolder = `${stack}/prometheus/alerts`;
export const testsFolder = "monitoring/generated";
const dashboardsFolder = `${stack}/grafana/dashboards`;
const runbooks = "docs/runbooks";

/** Where files say of themselves that they are generated. */
export const generatedFolders = [rulesFolder, testsFolder, runbooks];

/** Every generated file by its path from the root. */
export function outputs(): ReadonlyMap<string, string> {
  const files = new Map([[`${runbooks}/README.md`, runbookIndex(ruleFiles)]]);
  for (const rules of ruleFiles) {
    files.set(`${rulesFolder}/${rules.file}`, ruleFile(rules));
    const tests = rules.file.replace(/\.yml$/, ".test.yml");
    files.set(`${testsFolder}/${tests}`, ruleTests(rules, `../../${rulesFolder}/${rules.file}`));
    for (const alert of rules.groups.flatMap(({ alerts }) => alerts)) {
      files.set(`${runbooks}/${alert.name}.md`, runbookPage(alert));
    }
  }
  for (const build of dashboards) {
    const dashboard = build();
    files.set(`${dashboardsFolder}/${dashboard.uid}.json`, dashboardFile(dashboard));
  }
  return files;
}
