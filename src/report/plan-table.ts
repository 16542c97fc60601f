import type { JsonValue } from "../model/json.ts";
import {
  type GuestEffect,
  type GuestForecast,
  interrupts,
  namesOf,
  type PlannedAction,
  type PlannedResource,
  type PlanReport,
  plannedActions,
} from "../model/plan.ts";
import { isBookkeeping } from "../model/terraform-address.ts";
import { friendlySubject, friendlyValue } from "./drift-subject.ts";
import type { TextOptions } from "./health-table.ts";
import { count, enumerate } from "./plural.ts";
import { paint, type Style } from "./status-words.ts";
import { type Cell, type Column, tableLines } from "./table.ts";
import { plain, shorten, wrap } from "./terminal-text.ts";

const resourceColumns: Column[] = [
  { title: "resource" },
  { title: "action" },
  { title: "now → then", wraps: true },
];
const guestColumns: Column[] = [
  { title: "guest" },
  { title: "what happens" },
  { title: "because of", wraps: true },
];

const actionStyles = {
  create: "green",
  update: "yellow",
  replace: ["bold", "red"],
  delete: "red",
  forget: "magenta",
  import: "cyan",
  move: "dim",
} as const satisfies Record<PlannedAction, Style>;

const longestValue = 60;

const effectWords = {
  "loses-device": "loses what is not declared",
  replaced: "destroyed and re-created",
  destroyed: "destroyed",
  stopped: "stopped",
  "stop-start": "stopped and started",
  reboot: "rebooted",
  "may-restart": "may restart",
  refused: "refused: applying fails",
  migrated: "moved while it runs",
  "after-reboot": "waits for its next reboot",
} as const satisfies Record<GuestEffect, string>;

/**
 * Plans for a terminal, environment by environment: what would be done, and which guests would be away. Ends in a line
 * feed.
 */
export function renderPlan(reports: readonly PlanReport[], options: TextOptions = {}): string {
  const { width = 80, colour = false, verbose = false } = options;
  const lines = reports.flatMap((report) => [
    ...(reports.length > 1 ? [paint(plain(report.environment), ["bold", "underline"], colour), ""] : []),
    ...planLines(report, { width, colour, verbose }),
    "",
  ]);
  return `${lines.join("\n").trimEnd()}\n`;
}

function planLines(report: PlanReport, options: Required<TextOptions>): string[] {
  const { width, colour, verbose } = options;
  const { environment, resources, forecast, problem, status, notes = [] } = report;
  if (status === "unknown") {
    const why = `${environment} could not be planned: ${plain(problem?.message ?? "")}`;
    const hint = problem?.hint === undefined ? [] : [paint(`  try: ${plain(problem.hint)}`, "cyan", colour)];
    return [...wrap(why, width), ...hint];
  }
  const shown = verbose ? resources : resources.filter(({ address }) => !isBookkeeping(address));
  const table = shown.flatMap((resource) => resourceRows(resource, verbose));
  return [
    ...(table.length === 0 ? [] : [...tableLines(resourceColumns, table, options), ""]),
    ...wrap(summary(report, resources.length - shown.length), width),
    ...(resources.length === 0 ? [] : ["", ...forecastLines(forecast, options)]),
    ...(notes.length === 0 ? [] : ["", ...notes.flatMap((note) => wrap(`note: ${plain(note)}`, width))]),
  ];
}

/** The reason in the first row, then an attribute in each. */
function resourceRows({ address, action, detail, changes }: PlannedResource, verbose: boolean): Cell[][] {
  const name = verbose ? address : friendlySubject(address);
  // A whole block is as wide as several screens.
  const text = (value: JsonValue | undefined) =>
    verbose ? friendlyValue(value) : shorten(friendlyValue(value), longestValue);
  const texts = [
    ...(detail === undefined ? [] : [detail]),
    ...changes.map(({ path, before, after }) => `${path}: ${text(before)} → ${text(after)}`),
  ];
  const [first = "", ...more] = texts;
  return [
    [name, { text: action, style: actionStyles[action] }, first],
    ...more.map((text) => ["", "", text]),
  ];
}

function summary({ environment, status, resources, unchanged, outputs }: PlanReport, hidden: number): string {
  if (status === "none") return `${environment}: nothing to do, ${count(unchanged, "resource")} as declared`;
  const counts = plannedActions.flatMap((action) => {
    const number = resources.filter((resource) => resource.action === action).length;
    return number === 0 ? [] : `${number} to ${action}`;
  });
  const parts = [
    `${counts.join(", ")}${hidden === 0 ? "" : ` (${hidden} of them bookkeeping of modules: --verbose)`}`,
    `${unchanged} unchanged`,
    outputs.length === 0 ? "" : `outputs to change: ${enumerate(outputs)}`,
  ];
  return `${environment}: ${parts.filter((part) => part !== "").join("; ")}`;
}

function forecastLines(forecast: readonly GuestForecast[], options: Required<TextOptions>): string[] {
  const away = forecast.filter(interrupts).length;
  const losing = forecast.filter(loses).length;
  const restarts =
    away === 0 ? "no guest is stopped, restarted or replaced." : `${count(away, "guest")} would be away.`;
  const losses = losing === 0 ? "" : `${count(losing, "guest")} would lose what is not declared; `;
  const style: Style = away + losing === 0 ? "green" : ["bold", "red"];
  const sentence = wrap(`Restart forecast: ${losses}${restarts}`, options.width);
  const heading = sentence.map((line) => paint(line, style, options.colour));
  if (forecast.length === 0) return heading;
  const rows = forecast.map((guest) => [
    guestName(guest),
    {
      text: effectWords[guest.effect],
      style: loses(guest) || interrupts(guest) ? ("red" as const) : ("yellow" as const),
    },
    becauseOf(guest),
  ]);
  return [...heading, "", ...tableLines(guestColumns, rows, options)];
}

function loses({ effect }: GuestForecast): boolean {
  return effect === "loses-device";
}

function becauseOf(guest: GuestForecast): string {
  const { reason } = guest;
  const causes = guest.causes.join(", ");
  if (guest.effect === "refused" && guest.devices !== undefined)
    return `${namesOf(guest.devices)}: not declared, and no token may remove it`;
  if (!loses(guest)) return reason ?? causes;
  const because = reason ?? (causes === "" ? "" : `${causes} changes`);
  return because === "" ? lossOf(guest) : `${lossOf(guest)}: ${because}`;
}

/** `scsi5 (local-lvm:vm-201-disk-3, 8G) would be detached`; empty where nothing is lost. */
function lossOf({ devices = [], fate = "detached" }: GuestForecast): string {
  if (devices.length === 0) return "";
  // All of them: what stands here is about to be lost.
  const names = devices.map((device) => namesOf([device]));
  return `${enumerate(names, names.length)} would be ${fate}`;
}

/** `vm web (201): scsi5 (local-lvm:vm-201-disk-3, 8G) would be detached, …`; empty where nothing would be lost. */
export function lossSentence(forecast: readonly GuestForecast[]): string {
  return forecast
    .filter(loses)
    .map((guest) => {
      const { causes, reason } = guest;
      const cause = causes.length === 0 ? "" : `, because of a change of ${enumerate(causes)}`;
      const because = reason === undefined ? cause : `, because ${reason}`;
      return `${guestName(guest)}: ${lossOf(guest)}${because}, and the code does not declare it`;
    })
    .join("; ");
}

/** `vm web (201)` */
function guestName({ kind, guest, vmid }: GuestForecast): string {
  return `${kind} ${guest}${vmid === undefined ? "" : ` (${vmid})`}`;
}

/** `vm web (201) would be stopped and started`, for a question or a refusal. */
export function forecastSentence(forecast: readonly GuestForecast[]): string {
  const groups = Map.groupBy(forecast.filter(interrupts), ({ effect }) => effectWords[effect]);
  return [...groups]
    .map(([words, guests]) => {
      const verb = words === "may restart" ? words : `would be ${words}`;
      return `${enumerate(guests.map(guestName))} ${verb}`;
    })
    .join("; ");
}
