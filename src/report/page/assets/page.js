"use strict";
/* The page of a run: its controls, and which charts stand where. */
const classChart = (holder, scope) => {
  const figure = element("figure", { "data-chart": "class" }, element("figcaption", {}, DATA.classes[scope - 1]));
  holder.append(figure);
  return new Chart(figure, overClock({
    height: 190,
    overlay: (plot) => ring(plot, scope),
    lines: perPolicy((p) => [{ values: running(column(p, scope, "completed")) }]),
  }));
};

const scopes = () => [t("all"), ...DATA.classes];

const buildControls = (page) => {
  policyBoxes(page.querySelector(".policies"));
  clockControls(page);
  const down = DATA.outages.map((o) => `${o.station} ${t("down")} ${moment(o.from)} ${t("to")} ${moment(o.to)}${o.why ? ` (${o.why})` : ""}`);
  const apart = DATA.incidents.map((o) => `${o.name} ${moment(o.from)} ${t("to")} ${moment(o.to)}${o.why ? ` (${o.why})` : ""}`);
  const said = (kind, list) => (list.length ? [element("span", {}, element("span", { class: `shade ${kind}`, "aria-hidden": "true" }), list.join("; "))] : []);
  page.querySelector(".legend-shades").replaceChildren(...said("outage", down), ...said("incident", apart));
};

const SVG = "http://www.w3.org/2000/svg";
const strip = (label, pieces) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 1000 12");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${label}: ${pieces.map(([a, b]) => `${moment(a)} ${t("to")} ${moment(b)}`).join(", ")}`);
  const block = (from, to, kind, height) => {
    const rect = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries({ x: (from / LAST) * 1000, width: ((to - from) / LAST) * 1000, y: 6 - height / 2, height, class: kind })) rect.setAttribute(key, value);
    svg.append(rect);
  };
  block(0, LAST, "ground", 4);
  pieces.forEach(([from, to]) => block(from, to, "piece", 10));
  return element("div", { class: "strip" }, element("div", {}, label), svg);
};
const buildWindows = (page) => {
  const holder = page.querySelector(".windows");
  holder.replaceChildren();
  DATA.strips.forEach((strips, p) => {
    const swatch = element("span", { class: `swatch p${p % 8}`, "aria-hidden": "true" });
    holder.append(element("h3", {}, swatch, `${DATA.policies[p]}: ${t("windows")}`));
    if (!strips.length) holder.append(element("p", { class: "fine" }, t("always")));
    strips.forEach((s) => holder.append(strip(s.label, s.open)));
  });
};

const build = () => {
  for (const chart of plots) chart.plot.destroy();
  for (const page of pages) {
    page.querySelectorAll(".plot, .readout, figure details").forEach((old) => old.remove());
    page.querySelectorAll(".small-charts").forEach((old) => old.replaceChildren());
  }
  const page = current();
  buildControls(page);
  buildWindows(page);
  const rooms = DATA.policies.some((_, p) => column.has(p, "in_room"));
  for (const figure of page.querySelectorAll("figure.of-rooms")) figure.hidden = !rooms;
  plots = [...page.querySelectorAll("figure[data-chart]:not([hidden])")].filter((f) => f.dataset.chart !== "time").map((figure) =>
    clockChart(figure, figure.dataset.chart === "completed" ? { overlay: (plot) => ring(plot, shown.scope) } : {}));
  const classes = page.querySelector('[data-charts="classes"]');
  if (DATA.classes.length > 1) DATA.classes.forEach((_, i) => plots.push(classChart(classes, i + 1)));
  const arrivals = page.querySelector('[data-charts="arrivals"]');
  scopes().forEach((name, scope) => {
    if (scope === 0 && DATA.classes.length < 2) return;
    const figure = element("figure", { "data-chart": "arrivals" }, element("figcaption", {}, name));
    arrivals.append(figure);
    plots.push(arrivalsChart(figure, scope));
  });
  const last = timeChart(page.querySelector('[data-chart="time"]'));
  if (last) plots.push(last);
};
for (const page of pages) {
  const rows = [...page.querySelectorAll(".parameters tbody tr")];
  page.querySelector(".filter input").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
looks({ speak: build, redraw });
