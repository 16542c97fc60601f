// An alert as one object: its rule, its page for the person who is woken, and the series that prove it.

export type Severity = "critical" | "warning" | "info" | "none";

export type Labels = Readonly<Record<string, string>>;

/** Series by their name with labels; values as promtool writes them: `1x5`, `0+60x10`, `_x3 1`. One a minute. */
export type SeriesValues = Readonly<Record<string, string>>;

export interface Alert {
  /** UpperCamelCase; the runbook's file has the same name. */
  readonly name: string;
  readonly severity: Severity;
  /** How long the expression has to hold, as Prometheus writes durations; "0m": the first time is enough. */
  readonly for: string;
  readonly expr: string;
  /** One line; `{{ … }}` is Prometheus' template language. */
  readonly summary: string;
  /** With the value in units that people read. */
  readonly description: string;
  readonly runbook: Runbook;
  /** Each at its threshold. */
  readonly fires: readonly [Firing, ...Firing[]];
  /** Each just below the threshold. Empty for an alert that always fires. */
  readonly silent: readonly Silent[];
}

/** Markdown, short enough for 3 a.m. */
export interface Runbook {
  readonly meaning: string;
  /** What to type or open first, in order. */
  readonly look: readonly string[];
  readonly causes: readonly string[];
  readonly mend: string;
}

export interface Firing {
  /** "at 2 minutes", after "fires: ". */
  readonly name: string;
  readonly series: SeriesValues;
  /** The first minute at which it fires ("2m"): one minute earlier it must not. */
  readonly at: string;
  readonly alerts: readonly Expected[];
}

/** What arrives: labels without alertname and severity, and the texts with their values. */
export interface Expected {
  readonly labels: Labels;
  readonly summary: string;
  readonly description: string;
}

export interface Silent {
  readonly name: string;
  readonly series: SeriesValues;
}

/** A group of a rule file, as Prometheus shows it. */
export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

/** A file below files/prometheus/alerts. `default.yml` is always delivered, others with the service of their name. */
export interface RuleFile {
  readonly file: string;
  readonly groups: readonly AlertGroup[];
}
