// Third-party programs: which, which versions, and how to get them. For the demo, the tests and CI.
export { ProgramError } from "./program.ts";
export { resolvePveExporter } from "./pve-exporter.ts";
export type { ProgramName } from "./registered.ts";
export { buildProgram, resolveProgram } from "./resolve-program.ts";
export { resolveAllProviders, resolveProviders } from "./resolve-providers.ts";
export { findTool, resolveTool, type Tool } from "./resolve-tool.ts";
export { serveProviders } from "./serve-providers.ts";
export { toolEnvironment } from "./tool-environment.ts";
