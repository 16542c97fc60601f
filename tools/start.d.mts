export interface LockOptions {
  readonly pollMs?: number;
  readonly renewMs?: number;
  readonly staleMs?: number;
  readonly onWait?: () => void;
}
export declare function cacheDir(env?: NodeJS.ProcessEnv): string;
export declare function withLock<T>(path: string, work: () => Promise<T>, o?: LockOptions): Promise<T>;
