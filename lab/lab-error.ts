/**
 * Why a lab cannot be used: `already-running`, `folder-unusable` and `option-invalid` when it is to start;
 * `not-running`, `not-answering` (it took too long), `refused` (what was asked for is wrong) and `failed` later.
 */
export type LabErrorCode =
  | "already-running"
  | "folder-unusable"
  | "option-invalid"
  | "not-running"
  | "not-answering"
  | "refused"
  | "failed";

/** A lab that cannot be used; `code` says why. */
export class LabError extends Error {
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
