import type { ControlClient } from "../../lab/control-client.ts";
import { Problem } from "../model/problem.ts";

// What `pve-home lab guest` does to a guest, by action.

type GuestWork = (control: ControlClient, guest: string) => Promise<unknown>;

const alone = (work: GuestWork) => (settings: readonly string[]) =>
  settings.length === 0 ? work : undefined;

/** By action: what is to be done with these settings; undefined where they make no sense. */
const guestActions: Record<string, (settings: readonly string[]) => GuestWork | undefined> = {
  start: alone((control, guest) => control.start(guest)),
  stop: alone((control, guest) => control.stop(guest)),
  delete: alone((control, guest) => control.delete(guest)),
  recreate: alone((control, guest) => control.recreate(guest)),
  create: alone((control, name) => control.create({ name })),
  set(settings) {
    const pairs = settings.map((setting) => /^([^=]+)=(.*)$/s.exec(setting));
    if (pairs.length === 0 || pairs.includes(null)) return undefined;
    const changes = Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
    return (control, guest) => control.config(guest, changes);
  },
  serve(settings) {
    const [port = "", ...more] = settings;
    if (more.length > 0 || !/^\d{1,5}$/.test(port)) return undefined;
    return (control, guest) => control.serve(guest, Number(port));
  },
};

/** What an action with its settings does to a guest. Problem `guest-action-invalid` where they make no sense. */
export function guestChange(
  action: string,
  guest: string,
  settings: readonly string[],
): (control: ControlClient) => Promise<unknown> {
  const work = Object.hasOwn(guestActions, action) ? guestActions[action]?.(settings) : undefined;
  if (work !== undefined) return (control) => work(control, guest);
  throw new Problem({
    kind: "usage",
    code: "guest-action-invalid",
    message: `"${[action, guest, ...settings].join(" ")}" is not a change of a guest`,
    hint: `${Object.keys(guestActions).join(", ")}; for example: pve-home lab guest set db memory=1024`,
  });
}
