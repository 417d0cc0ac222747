/** Draws what a copy with one set costs, against the number of variables. */

import { parse, View } from "npm:vega@6.4.0";
import { compile, type TopLevelSpec } from "npm:vega-lite@6.5.0";
import { type Figures, median } from "./figures.ts";

/** Of middle lightness, as all colours here: it stands out from white and from black. */
const GREY = "#7d8590";

const COLOURS: Readonly<Record<string, string>> = {
  "contextvars": "#2f81f7",
  "CPython": "#2da44e",
  "nestjs-cls": "#bf5af2",
  "OpenTelemetry": "#e5734f",
  "enterWith(new Map)": "#c98a1b",
  "run(new Map)": "#8a8f98",
};

/** By how much labels are apart: their height, on the logarithmic axis. */
const LABEL_RATIO = 1.7;

/** One point of a line. */
interface Point {
  readonly peer: string;
  readonly variables: number;
  readonly nanoseconds: number;
}

/** Returns the plot of what was measured on Deno, and of CPython, as SVG. */
export async function plot(figures: Figures): Promise<string> {
  const values = figures.rows
    .filter(({ operation, runtime }) =>
      operation === "copy + enter + set" && !runtime.startsWith("Node.js")
    )
    .map(({ peer, variables, rounds }): Point => (
      { peer, variables, nanoseconds: median(rounds) }
    ));
  const view = new View(parse(compile(specification(values)).spec), { renderer: "none" });
  return `${await view.toSVG()}\n`;
}

function specification(values: Point[]): TopLevelSpec {
  const isOurs = "datum.peer === 'contextvars'";
  return {
    title: {
      text: "Copy the context, enter the copy, set one variable",
      subtitle: "Time for one (JavaScript: on Deno); both axes are logarithmic",
    },
    data: { values },
    width: 460,
    height: 320,
    background: "transparent",
    padding: { left: 8, top: 8, right: 8, bottom: 8 },
    encoding: {
      x: {
        field: "variables",
        type: "quantitative",
        scale: { type: "log", nice: false },
        axis: {
          title: "variables that are set",
          values: [1, 10, 100, 1_000, 10_000],
          labelExpr: "replace(format(datum.value, ','), ',', '\u00a0')",
        },
      },
      y: {
        field: "nanoseconds",
        type: "quantitative",
        scale: { type: "log", nice: false, domainMin: 50 },
        axis: {
          title: null,
          values: [100, 1e3, 1e4, 1e5, 1e6, 1e7],
          labelExpr: "datum.value < 1e3 ? datum.value + ' ns' : " +
            "datum.value < 1e6 ? datum.value / 1e3 + ' µs' : datum.value / 1e6 + ' ms'",
        },
      },
      color: {
        field: "peer",
        type: "nominal",
        scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
        legend: null,
      },
    },
    layer: [
      {
        mark: { type: "line", point: { size: 45 } },
        encoding: { strokeWidth: { condition: { test: isOurs, value: 3.5 }, value: 1.75 } },
      },
      {
        data: { values: labels(values) },
        mark: { type: "text", align: "left", dx: 10, fontSize: 13, aria: false },
        encoding: { text: { field: "peer" } },
      },
    ],
    config: {
      font: "system-ui, sans-serif",
      view: { stroke: null },
      title: {
        color: GREY,
        subtitleColor: GREY,
        fontSize: 15,
        subtitleFontSize: 12,
        anchor: "start",
        offset: 16,
      },
      axis: {
        labelColor: GREY,
        titleColor: GREY,
        domainColor: GREY,
        tickColor: GREY,
        gridColor: GREY,
        gridOpacity: 0.25,
        labelFontSize: 12,
        titleFontSize: 13,
        titleFontWeight: "normal",
      },
    },
  };
}

/** Returns the last point of each line, moved up where its label would lie on another. */
function labels(points: readonly Point[]): Point[] {
  const most = Math.max(...points.map(({ variables }) => variables));
  let lowest = 0;
  return points.filter(({ variables }) => variables === most)
    .toSorted((a, b) => a.nanoseconds - b.nanoseconds)
    .map((point) => {
      const nanoseconds = Math.max(point.nanoseconds, lowest);
      lowest = nanoseconds * LABEL_RATIO;
      return { ...point, nanoseconds };
    });
}
