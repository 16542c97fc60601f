// Third-party programs: which, which versions, and how to get them. For the demo, the tests and CI.
export type { ResolveOptions } from "./built.ts";
export type { Mirror } from "./mirror.ts";
export { type Program, ProgramError } from "./program.ts";
export type { ProgramName, ProviderSource } from "./registered.ts";
export { resolveProgram } from "./resolve-program.ts";
export { resolveAllProviders, resolveProviders } from "./resolve-providers.ts";
export { findTool, resolveTool, type Tool, type ToolKind } from "./resolve-tool.ts";
export { toolEnvironment } from "./tool-environment.ts";
