/** An answer other than 200, as Proxmox gives it: the message is also the HTTP reason phrase. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: Record<string, string> | undefined;
  /** Authentication failures of Proxmox carry no body, only the reason phrase. */
  readonly bodyless: boolean;

  constructor(
    status: number,
    message: string,
    options: { errors?: Record<string, string>; bodyless?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = options.errors;
    this.bodyless = options.bodyless ?? false;
  }
}

/** 400 with one text per parameter, as PVE::Exception::raise_param_exc gives it. */
export function parameterError(errors: Record<string, string>): ApiError {
  return new ApiError(400, "Parameter verification failed.", { errors });
}

/** What Perl's `die` becomes: 500 with the text. */
export function failure(message: string): ApiError {
  return new ApiError(500, message);
}

/** 403 in the words of PVE::RPCEnvironment. */
export function permissionError(path: string, privileges: readonly string[], any: boolean): ApiError {
  const named = any ? privileges.join("|") : privileges[0];
  return new ApiError(403, `Permission check failed (${path}, ${named})`);
}

/** 403 where one of several privileges would do: Proxmox names none then (raise_perm_exc without a text). */
export function barePermissionError(): ApiError {
  return new ApiError(403, "Permission check failed");
}
