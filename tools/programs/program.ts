/** A third-party program we can build from its Go module. */
export interface GoProgram {
  /** The executable's name. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly module: string;
  readonly moduleVersion: string;
  readonly package: string;
  /** Checksums as in go.sum: of the module and of its go.mod. They vouch for the module's own go.sum. */
  readonly sum: string;
  readonly goModSum: string;
  /** The `go` line of its go.mod: the oldest compiler it takes. */
  readonly go: string;
  readonly ldflags?: string;
  /** Files that the module lacks, by their path in it. */
  readonly added?: Readonly<Record<string, string>>;
  /** Another version says other things: from PATH only this one is taken, no newer. */
  readonly exact?: true;
  /** Cold build on two cores, in seconds. */
  readonly seconds: number;
}

/** A Terraform provider; `source` as in `required_providers`. */
export interface GoProvider extends GoProgram {
  readonly source: `${string}/${string}`;
}

/** A program ready to be run; `path` is absolute. */
export interface Program {
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

export type ProgramErrorCode = "go-missing" | "go-too-old" | "build-failed" | "tool-missing" | "child-failed";

/** A program cannot be had. `hint` says what to do about it. */
export class ProgramError extends Error {
  readonly code: ProgramErrorCode;
  readonly hint: string;
  constructor(code: ProgramErrorCode, message: string, hint: string) {
    super(`${message}\n  ${hint}`);
    this.name = "ProgramError";
    this.code = code;
    this.hint = hint;
  }
}
