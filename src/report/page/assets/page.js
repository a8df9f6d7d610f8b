"use strict";
/* The page: language, appearance, controls, and which charts stand where. */
const pages = [...document.querySelectorAll(".page")];
const current = () => document.getElementById(`page-${language}`);

const clockChart = (figure) => {
  const kind = figure.dataset.chart;
  const log = kind === "load";
  return new Chart(figure, overClock({
    lines: perPolicy(LINES[kind]),
    rings: kind === "completed" ? () => shown.scope : undefined,
    ...(log ? {
      yScale: { distr: 3, range: (_, low, high) => [10 ** Math.floor(Math.log10(Math.max(low ?? 0.01, (high ?? 1) / 1e5))), (high ?? 1) * 1.5] },
      yAxis: () => axis({ size: 62, splits: (_, __, low, high) => logTicks(low, high), filter: (_, s) => s, values: (_, ticks) => ticks.map(short) }),
    } : {}),
  }));
};

const classChart = (holder, scope) => {
  const figure = element("figure", { "data-chart": "class" }, element("figcaption", {}, DATA.classes[scope - 1]));
  holder.append(figure);
  return new Chart(figure, overClock({
    height: 190,
    rings: () => scope,
    lines: perPolicy((p) => [{ values: running(column(p, scope, "completed")) }]),
  }));
};

const scopes = () => [t("all"), ...DATA.classes];

const buildControls = (page) => {
  const fieldset = page.querySelector(".policies");
  fieldset.querySelectorAll("label").forEach((label) => label.remove());
  DATA.policies.forEach((name, p) => {
    const box = element("input", { type: "checkbox" });
    box.checked = shown.policies[p];
    box.addEventListener("change", () => {
      shown.policies[p] = box.checked;
      redraw();
    });
    const swatch = element("span", { class: `swatch p${p % 8}`, "aria-hidden": "true" });
    fieldset.append(element("label", {}, box, swatch, name));
  });
  const select = page.querySelector(".scope select");
  select.replaceChildren(...scopes().map((name, i) => element("option", { value: i }, name)));
  select.value = shown.scope;
  select.onchange = () => {
    shown.scope = Number(select.value);
    redraw();
  };
  page.querySelector(".scope").hidden = DATA.classes.length < 2;
  page.querySelector(".reset").onclick = () => zoom(null);
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
  plots = [...page.querySelectorAll("figure[data-chart]:not([hidden])")].filter((f) => f.dataset.chart !== "time").map(clockChart);
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
const redraw = () => plots.forEach((chart) => chart.draw());

const press = (attribute, value) => {
  for (const button of document.querySelectorAll(`button[${attribute}]`)) button.setAttribute("aria-pressed", String(button.getAttribute(attribute) === value));
};
const dark = matchMedia("(prefers-color-scheme: dark)");
let theme = "auto";
const applyTheme = () => {
  document.documentElement.dataset.theme = theme === "dark" || (theme === "auto" && dark.matches) ? "dark" : "light";
  press("data-theme-choice", theme);
};
const applyLanguage = () => {
  document.documentElement.lang = language;
  for (const page of pages) page.hidden = page.lang !== language;
  press("data-language", language);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.language) {
    language = button.dataset.language;
    applyLanguage();
    build();
  } else if (button?.dataset.themeChoice) {
    theme = button.dataset.themeChoice;
    applyTheme();
    redraw();
  }
});
dark.addEventListener("change", () => {
  applyTheme();
  redraw();
});
for (const page of pages) {
  const rows = [...page.querySelectorAll(".parameters tbody tr")];
  page.querySelector(".filter input").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
let width = innerWidth;
let waiting = 0;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(redraw, 120);
});
/* On paper everything is light, as wide as the paper, and nothing is folded. */
addEventListener("beforeprint", () => {
  document.documentElement.dataset.theme = "light";
  for (const fold of current().querySelectorAll("section > details")) {
    fold.dataset.wasOpen = fold.open;
    fold.open = true;
  }
  redraw();
});
addEventListener("afterprint", () => {
  for (const fold of current().querySelectorAll("section > details")) fold.open = fold.dataset.wasOpen === "true";
  applyTheme();
  redraw();
});
applyTheme();
applyLanguage();
build();
