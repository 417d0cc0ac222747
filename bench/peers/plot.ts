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

/** Returns the plot of what was measured on Deno, and of CPython, as SVG. */
export async function plot(figures: Figures): Promise<string> {
  const values = figures.rows
    .filter(({ operation, runtime }) =>
      operation === "copy + enter + set" && !runtime.startsWith("Node.js")
    )
    .map(({ peer, variables, rounds }) => ({ peer, variables, nanoseconds: median(rounds) }));
  const view = new View(parse(compile(specification(values)).spec), { renderer: "none" });
  return `${await view.toSVG()}\n`;
}

function specification(values: object[]): TopLevelSpec {
  const isOurs = "datum.peer === 'contextvars'";
  return {
    title: "Copy the context, enter the copy, set one variable",
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
        axis: { title: "variables that are set", values: [1, 10, 100, 1_000, 10_000], format: "," },
      },
      y: {
        field: "nanoseconds",
        type: "quantitative",
        scale: { type: "log", nice: true },
        axis: { title: "nanoseconds", format: ",", tickCount: 4 },
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
        transform: [{ filter: "datum.variables === 10000" }],
        mark: { type: "text", align: "left", dx: 10, fontSize: 13, clip: false },
        encoding: {
          text: { field: "peer" },
        },
      },
    ],
    config: {
      font: "system-ui, sans-serif",
      view: { stroke: null },
      title: { color: GREY, fontSize: 15, anchor: "start", offset: 16 },
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
