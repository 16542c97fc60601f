import { InvalidArgumentError, Option } from "commander";

/** An option that takes a number; anything else is refused with the value and a legal example. */
export function numberOption(flags: string, description: string, limits: { minimum: number }): Option {
  return new Option(flags, description).argParser((text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < limits.minimum) {
      throw new InvalidArgumentError(`Expected a number from ${limits.minimum} on, for example 10.`);
    }
    return value;
  });
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
