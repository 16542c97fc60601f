/** What a UPID says (PVE::Tools::upid_encode). Times in unix seconds. */
export interface TaskIdentity {
  node: string;
  pid: number;
  pstart: number;
  starttime: number;
  type: string;
  id: string;
  user: string;
}

/** `UPID:node:pid:pstart:starttime:type:id:user:`, numbers as eight hex digits. */
export function encodeUpid(task: TaskIdentity): string {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, "0");
  const { node, pid, pstart, starttime, type, id, user } = task;
  return `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(starttime)}:${type}:${id}:${user}:`;
}

/** Whether a text has the form of a UPID. */
export function isUpid(text: string): boolean {
  return /^UPID:[^:]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:]+:[^:]*:[^:]+:$/i.test(text);
}
