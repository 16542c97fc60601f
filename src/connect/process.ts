import type { Secret } from "../model/secret.ts";

export interface ChildRequest {
  program: string;
  args: readonly string[];
  /** All of the child's environment; see `environment.ts`. */
  env: Readonly<Record<string, string | Secret>>;
  cwd?: string;
  stdin?: string;
  /** Milliseconds until the child and its children are ended. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Bytes kept of each stream; what comes after is dropped, and `truncated` set. */
  maxOutputBytes?: number;
  onStdout?: (text: string) => void;
}

export interface ChildResult {
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  truncated: boolean;
}

export declare function runChild(request: ChildRequest): Promise<ChildResult>;

/** Ends every child that is still running, with its whole process group. */
export declare function killAllChildren(signal?: NodeJS.Signals): void;
