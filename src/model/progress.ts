/**
 * How a command says what it does, while it does it: a line at a time, without its end, on stderr. No part of
 * the result is in it. A step is logged when it begins (`prod: planning`), or when it has ended, with its duration
 * (`prod: created vm web in 12.0 s`); a wait is logged once, with what is waited for. A command passes its one `Log`
 * down; work on one of several environments or guests gets the `logOf` that one.
 */
export type Log = (line: string) => void;

/** A log whose lines begin with whom they are about: `prod: planning`. */
export function logOf(subject: string, log: Log): Log {
  return (line) => log(`${subject}: ${line}`);
}
