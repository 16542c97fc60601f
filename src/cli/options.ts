import { InvalidArgumentError, Option } from "commander";
import { longestSeconds } from "../model/time-limit.ts";

interface NumberLimits {
  minimum: number;
  maximum?: number;
  /** Whole numbers alone. */
  integer?: true;
  /** A legal value; default 10. */
  example?: number;
}

/** An option that takes a number; anything else is refused with what is legal and an example. */
export function numberOption(flags: string, description: string, limits: NumberLimits): Option {
  return new Option(flags, description).argParser(numberParser(limits));
}

/** For an argument that is a whole number. */
export function wholeNumber(limits: Omit<NumberLimits, "integer">): (text: string) => number {
  return numberParser({ ...limits, integer: true });
}

function numberParser(limits: NumberLimits): (text: string) => number {
  const { minimum, maximum = Number.POSITIVE_INFINITY, integer = false, example = 10 } = limits;
  const kind = integer ? "whole number" : "number";
  const range = limits.maximum === undefined ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
  return (text) => {
    const value = Number(text);
    const legal = text.trim() !== "" && Number.isFinite(value) && value >= minimum && value <= maximum;
    if (!legal || (integer && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`Expected a ${kind} ${range}, for example ${example}.`);
    }
    return value;
  };
}

/** A time limit. */
export function secondsOption(flags: string, description: string, minimum: number): Option {
  return numberOption(flags, description, { minimum, maximum: longestSeconds });
}

/** An option that takes a comma-separated list and may be repeated. */
export function listOption(flags: string, description: string): Option {
  let given: string[] | undefined;
  return new Option(flags, description).argParser((text) => {
    const items = text.split(",").map((item) => item.trim());
    if (items.some((item) => item === "")) throw new InvalidArgumentError("Expected names, for example a,b.");
    given = [...(given ?? []), ...items];
    return given;
  });
}

/** An option that is repeated rather than listed: `--env prod --env lab`. */
export function repeatedOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string, previous: string[] | undefined) => [
    ...(previous ?? []),
    text,
  ]);
}
