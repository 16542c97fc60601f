/** One API request that the lab saw. */
export interface SeenRequest {
  /** Milliseconds since the epoch. */
  at: number;
  method: string;
  /** Path and query as sent. */
  path: string;
  /** 0 while it is not answered (and for ever under `api-hang`). */
  status: number;
  /** Empty where no user was logged in. */
  user: string;
  /** Whose API was asked. */
  node: string;
}

export interface Journal {
  /** Counts since the last `clear`, of all requests, also those no longer kept. */
  count(): number;
  /** The last requests, oldest first. */
  requests(): SeenRequest[];
  add(request: SeenRequest): void;
  clear(): void;
}

/** Remembers the newest requests. */
export function createJournal(kept = 5000): Journal {
  let requests: SeenRequest[] = [];
  let count = 0;
  return {
    count: () => count,
    requests: () => requests.slice(-kept),
    add(request) {
      count += 1;
      requests.push(request);
      if (requests.length > 2 * kept) requests = requests.slice(-kept);
    },
    clear() {
      requests = [];
      count = 0;
    },
  };
}
