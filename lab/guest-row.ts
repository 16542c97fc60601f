import { guestName, lockOf } from "./guest.ts";
import { memoOf } from "./guest-memo.ts";
import { guestNumbers, shownStatus } from "./numbers.ts";
import type { Guest, World } from "./world.ts";

/**
 * A guest's row of `cluster/resources`, as JSON. With a thousand guests most of that call is making text, so
 * that a row is made again only when something in it has changed.
 */
export function guestRowJson(world: World, guest: Guest, now: number): string {
  const memo = memoOf(guest);
  const numbers = guestNumbers(world, guest, now, memo);
  const { node, pool, template } = guest;
  const { tags } = guest.config;
  const faulty = world.faults.length > 0;
  const status = faulty ? shownStatus(world, guest) : guest.status;
  const lock = faulty ? lockOf(world, guest) : guest.lock;
  const name = guestName(guest);
  if (
    memo.row !== undefined &&
    memo.rowOf === numbers &&
    memo.status === status &&
    memo.name === name &&
    memo.tags === tags &&
    memo.node === node &&
    memo.pool === pool &&
    memo.lock === lock &&
    memo.template === template
  ) {
    return memo.row;
  }
  Object.assign(memo, { rowOf: numbers, status, name, tags, node, pool, lock, template });
  memo.row = JSON.stringify({
    id: `${guest.kind}/${guest.vmid}`,
    type: guest.kind,
    vmid: guest.vmid,
    node,
    name,
    status,
    template: template ? 1 : 0,
    ...numbers,
    pool,
    tags,
    lock,
  });
  return memo.row;
}
