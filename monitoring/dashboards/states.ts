// Values that stand for states, as words and colours.
import * as common from "@grafana/grafana-foundation-sdk/common";
import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as timeline from "@grafana/grafana-foundation-sdk/statetimeline";
import { number, prometheus, width } from "./house.ts";

export interface State {
  readonly text: string;
  readonly colour: "green" | "yellow" | "orange" | "red" | "blue" | "purple";
}

/** One word and colour for each value: 0 is the first. */
function words(states: readonly State[]): ValueMapping[] {
  const options = Object.fromEntries(
    states.map(({ text, colour }, index) => [String(index), { text, color: colour, index }]),
  );
  return [{ type: MappingType.ValueToText, options }];
}

/** Colours from a value on; the first is for all below. */
export function colours(
  ...steps: readonly [from: number | null, colour: State["colour"]][]
): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

/** A coloured tile for each series. */
export function tiles(title: string, description: string, states: readonly State[]): stat.PanelBuilder {
  return number(title, description)
    .mappings(words(states))
    .colorMode(common.BigValueColorMode.Background)
    .textMode(common.BigValueTextMode.ValueAndName);
}

/** The states of each series over time. */
export function history(title: string, description: string, states: readonly State[]): timeline.PanelBuilder {
  return new timeline.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(prometheus)
    .height(8)
    .span(width.full)
    .mappings(words(states))
    .mergeValues(true)
    .showValue(common.VisibilityMode.Never)
    .rowHeight(0.8);
}
