// What all dashboards share: datasources, sizes, how a panel of each kind looks.
import * as common from "@grafana/grafana-foundation-sdk/common";
import { StackingConfigBuilder, VizLegendOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as logs from "@grafana/grafana-foundation-sdk/logs";
import { DataqueryBuilder as LokiQuery } from "@grafana/grafana-foundation-sdk/loki";
import {
  DataqueryBuilder as PrometheusQuery,
  PromQueryFormat,
} from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";

/** By the uids of files/grafana/provisioning/datasources. */
export const prometheus = { type: "prometheus", uid: "prometheus" } as const;
export const loki = { type: "loki", uid: "loki" } as const;

const tag = "pve-home";

/** Grafana's grid is 24 wide; on a phone each panel has the whole width. */
export const width = { full: 24, half: 12, quarter: 6 } as const;

/** A dashboard with links to the others; `uid` is its file's name. */
export function dashboard(uid: string, title: string, description: string): DashboardBuilder {
  const links = new DashboardLinkBuilder("Dashboards").type(DashboardLinkType.Dashboards).tags([tag]);
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag])
    .readonly()
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh("1m")
    .time({ from: "now-6h", to: "now" })
    .link(links.asDropdown(true).keepTime(true).icon("external link").tooltip("").url(""));
}

/** A choice of one or several values of a label, all of them at first. `query` is Grafana's label_values(…). */
export function choice(
  name: string,
  label: string,
  query: string,
  datasource: common.DataSourceRef,
  all = ".+",
): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current({ selected: true, text: "All", value: "$__all" });
}

/** A PromQL query over the time range, or at its end (`instant`). */
export function promql(expr: string, legend = "__auto"): PrometheusQuery {
  return new PrometheusQuery().expr(expr).legendFormat(legend).range();
}

export function instant(expr: string, legend = "__auto"): PrometheusQuery {
  return new PrometheusQuery().expr(expr).legendFormat(legend).instant();
}

/** One row for each series, its labels in columns. */
export function rows(expr: string): PrometheusQuery {
  return instant(expr).format(PromQueryFormat.Table);
}

export function logql(expr: string, legend = ""): LokiQuery {
  return new LokiQuery().expr(expr).legendFormat(legend).queryType("range");
}

export function lines(title: string, description: string): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(prometheus)
    .height(8)
    .span(width.half)
    .min(0)
    .lineWidth(1)
    .fillOpacity(10)
    .showPoints(common.VisibilityMode.Never)
    .legend(legend());
}

/** Stacked bars: how many, by what. */
export function bars(title: string, description: string): timeseries.PanelBuilder {
  return lines(title, description)
    .drawStyle(common.GraphDrawStyle.Bars)
    .fillOpacity(70)
    .stacking(new StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
}

export function number(title: string, description: string): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(prometheus)
    .height(4)
    .span(width.quarter)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
}

export function list(title: string, description: string): table.PanelBuilder {
  return new table.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(prometheus)
    .height(8)
    .span(width.half);
}

export function logLines(title: string, description: string): logs.PanelBuilder {
  return new logs.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(loki)
    .height(10)
    .span(width.full)
    .showTime(true)
    .showCommonLabels(false)
    .showLabels(false)
    .wrapLogMessage(true)
    .prettifyLogMessage(false)
    .enableLogDetails(true)
    .sortOrder(common.LogsSortOrder.Descending)
    .dedupStrategy(common.LogsDedupStrategy.None);
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([]);
}
