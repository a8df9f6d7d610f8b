"use strict";
/* The charts: each a uPlot with a readout for everybody and a table behind it. */
const DASHES = [[], [9, 5], [3, 3], [12, 4, 3, 4], [], [7, 4], [3, 3], [9, 5]];
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const ink = (policy) => css(`--p${policy % 8}`);
let MIDDLES, WIDTHS, LAST;
/** Takes the data of a run for those that all charts show. */
const take = (data) => {
  DATA = data;
  MIDDLES = DATA.edges.slice(0, -1).map((from, i) => (from + DATA.edges[i + 1]) / 2);
  WIDTHS = DATA.edges.slice(0, -1).map((from, i) => DATA.edges[i + 1] - from);
  LAST = DATA.edges[DATA.edges.length - 1];
};
take(DATA);

/** The policies that are shown, and whose requests: 0 is the total, then the classes. */
const shown = { policies: DATA.policies.map((_, i) => i < 8), scope: 0, range: null };
let plots = [];

const column = (policy, scope, name) => DATA.series[policy][scope][name] ?? MIDDLES.map(() => 0);
/** Whether a policy has anything but zeros in a column. */
column.has = (policy, name) => DATA.series[policy][0][name] != null;
const scaled = (values, by) => values.map((value, i) => value * by(i));
const running = (values) => { let sum = 0; return values.map((value) => (sum += value)); };
const added = (...columns) => columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0));
/** Nothing is asked or done for log scales: zero has no place there. */
const positive = (values) => values.map((value) => (value > 0 ? value : null));

/** Lines of a chart over the clock, one a policy or more: label, policy, values, width. */
const LINES = {
  queue: (p) => [
    { values: column(p, 0, "queue_average"), band: [column(p, 0, "queue_p05"), column(p, 0, "queue_p95")] },
  ],
  lost: (p) => {
    const lost = ["timeouts", "refused", "failed"].map((name) => column(p, shown.scope, name));
    return [{ values: scaled(added(...lost), (i) => 60 / WIDTHS[i]) }];
  },
  load: (p) => [
    { word: t("sent"), thin: true, values: positive(scaled(column(p, shown.scope, "requests"), (i) => 1 / WIDTHS[i])) },
    { word: t("done"), values: positive(scaled(column(p, shown.scope, "completed"), (i) => 1 / WIDTHS[i])) },
  ],
  completed: (p) => [{ values: running(column(p, shown.scope, "completed")) }],
  room: (p) => (column.has(p, "in_room") ? [{ values: column(p, shown.scope, "in_room") }] : []),
  admitted: (p) => (column.has(p, "in_room") ? [{ values: scaled(column(p, shown.scope, "admitted"), (i) => 60 / WIDTHS[i]) }] : []),
};

const sameClasses = (point, scope) => (scope === 0 ? point.classes.length === 0 : point.classes.length === 1 && point.classes[0] === scope - 1);

/** Grey behind the curves while a station is down; incidents in a colour of their own, between dashed edges. */
const shade = (plot) => {
  const { ctx, bbox } = plot;
  const least = 2 * devicePixelRatio;
  const within = (stretch) => {
    const from = plot.valToPos(stretch.from, "x", true);
    const to = Math.max(plot.valToPos(stretch.to, "x", true), from + least);
    return [Math.max(from, bbox.left), Math.min(to, bbox.left + bbox.width)];
  };
  ctx.save();
  const fill = (stretches, colour) => {
    ctx.fillStyle = colour;
    for (const [from, to] of stretches.map(within)) if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height);
  };
  fill(DATA.outages, css("--outage"));
  fill(DATA.incidents, css("--incident"));
  ctx.strokeStyle = css("--incident-edge");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  for (const [from, to] of DATA.incidents.map(within)) {
    for (const x of to > from ? [from, to] : []) {
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
    }
  }
  ctx.stroke();
  ctx.restore();
};
/** Rings at published counts, with the ends of their tolerance. */
const ring = (plot, scope) => {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 8, bbox.width, bbox.height + 16);
  ctx.clip();
  ctx.setLineDash([]);
  ctx.strokeStyle = css("--ink");
  ctx.lineWidth = 2 * devicePixelRatio;
  for (const point of DATA.observed.filter((o) => sameClasses(o, scope))) {
    const x = plot.valToPos(point.at, "x", true);
    const [y, low, high] = [1, 1 - point.tolerance, 1 + point.tolerance].map((by) => plot.valToPos(point.value * by, "y", true));
    ctx.beginPath();
    ctx.moveTo(x, low);
    ctx.lineTo(x, high);
    ctx.moveTo(x + 5 * devicePixelRatio, y);
    ctx.arc(x, y, 5 * devicePixelRatio, 0, 7);
    ctx.stroke();
  }
  ctx.restore();
};

const axis = (more) => ({
  stroke: css("--soft"),
  font: "12px system-ui, sans-serif",
  grid: { stroke: css("--grid"), width: 1 },
  ticks: { stroke: css("--line"), width: 1, size: 5 },
  ...more,
});
const clockAxis = () =>
  axis({
    size: 46,
    splits: (plot, _, low, high) => clockTicks(low, high, Math.max(2, Math.floor(plot.width / 78))),
    values: (_, ticks) => clockLabels(ticks),
  });
const valueAxis = (write) => axis({ size: 62, values: (_, ticks) => ticks.map((v) => (v == null ? null : write(v))) });

/** A chart: the plot, a readout below it, and its table. */
class Chart {
  constructor(figure, options) {
    Object.assign(this, { figure, ...options });
    this.holder = element("div", { class: "plot", tabindex: "0", role: "img" });
    this.readout = element("p", { class: "readout" });
    this.details = element("details", {}, element("summary", {}, t("show-table")));
    this.details.addEventListener("toggle", () => this.table());
    figure.append(this.holder, this.readout, this.details);
    this.holder.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  draw() {
    this.plot?.destroy();
    const width = Math.max(200, this.holder.clientWidth || this.figure.clientWidth - 32);
    const lines = this.lines();
    this.shownLines = lines;
    const series = [{}];
    const data = [this.xs];
    const bands = [];
    for (const line of lines) {
      if (line.band) {
        const faint = { stroke: "transparent", width: 0, points: { show: false } };
        series.push(faint, { ...faint });
        data.push(line.band[1], line.band[0]);
        bands.push({ series: [series.length - 2, series.length - 1], fill: ink(line.policy) + "26" });
      }
      line.index = series.length;
      series.push({
        label: line.label,
        stroke: ink(line.policy),
        width: line.thin ? 1.2 : 2.2,
        dash: DASHES[line.policy % 8],
        points: { show: false },
        spanGaps: false,
        paths: this.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
      });
      data.push(line.values);
    }
    const held = this;
    this.plot = new uPlot(
      {
        width,
        height: this.height,
        padding: [10, 24, 0, 0],
        legend: { show: false },
        scales: { x: { time: false, ...this.xScale }, y: this.yScale },
        axes: [this.xAxis(), this.yAxis()],
        series,
        bands,
        cursor: {
          sync: this.overClock ? { key: "clock", setSeries: false } : undefined,
          drag: { x: this.overClock, y: false, setScale: false },
          points: { size: 7 },
        },
        hooks: {
          drawClear: this.overClock ? [shade] : [],
          draw: this.rings == null ? [] : [(plot) => ring(plot, held.rings())],
          setCursor: [(plot) => held.read(plot.cursor.idx)],
          setSelect: [(plot) => held.select(plot)],
        },
      },
      data,
      this.holder,
    );
    if (this.overClock) {
      this.plot.over.addEventListener("dblclick", () => zoom(null));
      if (shown.range) this.plot.setScale("x", { min: shown.range[0], max: shown.range[1] });
    }
    this.describe();
    this.read(null);
    if (this.details.open) this.table();
  }

  /** What a screen reader says of it: what it is, and between which values each line lies. */
  describe() {
    const lines = this.shownLines.map((line) => {
      const values = line.values.filter((value) => value != null);
      const ends = values.length ? [Math.min(...values), Math.max(...values)] : [0, 0];
      return `${line.label}: ` + t("range").replace("{low}", this.write(ends[0])).replace("{high}", this.write(ends[1]));
    });
    this.holder.setAttribute("aria-label", `${t("chart")}: ${this.caption()}. ${lines.join("; ")}. ${t("keys")}`);
  }

  read(index) {
    this.at = index;
    if (index == null) {
      this.readout.replaceChildren(t("hover"));
      return;
    }
    const items = this.shownLines.map((line) => {
      const swatch = element("span", { class: `swatch p${line.policy % 8}`, "aria-hidden": "true" });
      return element("span", {}, swatch, `${line.label} ${this.write(line.values[index])}`);
    });
    this.readout.replaceChildren(element("b", {}, this.place(this.xs[index], index)), ...items);
  }

  select(plot) {
    if (!this.overClock || plot.select.width < 4) return;
    const ends = [plot.select.left, plot.select.left + plot.select.width].map((pixel) => plot.posToVal(pixel, "x"));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    zoom(ends);
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12 }[event.key];
    if (step) {
      const at = Math.min(this.xs.length - 1, Math.max(0, (this.at ?? (step > 0 ? -1 : this.xs.length)) + step));
      this.plot.setCursor({ left: this.plot.valToPos(this.xs[at], "x"), top: 0 });
      this.read(at);
      this.readout.setAttribute("aria-live", "polite");
      event.preventDefault();
    } else if (this.overClock && (event.key === "+" || event.key === "-")) {
      const [low, high] = shown.range ?? [0, LAST];
      const middle = this.at == null ? (low + high) / 2 : this.xs[this.at];
      const half = ((high - low) / 2) * (event.key === "+" ? 0.5 : 2);
      zoom([Math.max(0, middle - half), Math.min(LAST, middle + half)]);
      event.preventDefault();
    } else if (this.overClock && event.key === "Escape") zoom(null);
  }

  table() {
    this.details.querySelector(".scroll")?.remove();
    if (!this.details.open) return;
    const lines = this.shownLines;
    const every = Math.max(1, Math.ceil(this.xs.length / 120));
    const head = element("tr", {}, element("th", { scope: "col" }, this.overClock ? t("time") : t("within")),
      ...lines.map((line) => element("th", { scope: "col" }, line.label)));
    const body = element("tbody");
    for (let i = 0; i < this.xs.length; i += every) {
      const cells = lines.map((line) => element("td", {}, this.write(line.values[i])));
      body.append(element("tr", {}, element("th", { scope: "row" }, this.place(this.xs[i], i)), ...cells));
    }
    const caption = element("caption", {}, this.caption());
    const table = element("table", {}, caption, element("thead", {}, head), body);
    this.details.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": this.caption() }, table));
  }

  caption() {
    return this.figure.querySelector("figcaption").textContent;
  }
}

const zoom = (range) => {
  const wide = range && range[1] - range[0] < LAST * 0.999 && range[1] - range[0] >= Math.min(...WIDTHS);
  shown.range = wide ? range : null;
  const [min, max] = shown.range ?? [0, LAST];
  for (const chart of plots) if (chart.overClock) chart.plot.setScale("x", { min, max });
};

const overClock = (more) => ({
  overClock: true,
  xs: MIDDLES,
  height: 250,
  xScale: { range: () => shown.range ?? [0, LAST] },
  yScale: { range: (_, low, high) => [0, high > 0 ? high * 1.06 : 1] },
  xAxis: clockAxis,
  yAxis: () => valueAxis(short),
  write: told,
  place: (_, i) => `${moment(DATA.edges[i])} ${t("to")} ${time(DATA.edges[i + 1])}`,
  ...more,
});

const policiesShown = () => DATA.policies.map((_, p) => p).filter((p) => shown.policies[p]);
const perPolicy = (of) => () =>
  policiesShown().flatMap((p) => of(p).map((line) => ({ ...line, policy: p, label: line.word ? `${DATA.policies[p]}, ${line.word}` : DATA.policies[p] })));

const logTicks = (low, high) => {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power += 1) ticks.push(10 ** power);
  return ticks.filter((tick) => tick >= low);
};

/** The chart of the time to complete: pairs of seconds and shares of every policy, brought to the same seconds. */
const timeChart = (figure) => {
  const all = [...new Set(DATA.completion.flatMap((curve) => curve.map(([seconds]) => seconds)))].filter((s) => s > 0).sort((a, b) => a - b);
  if (!all.length) {
    figure.append(element("p", {}, t("nobody")));
    return null;
  }
  const every = Math.max(1, Math.floor(all.length / 600));
  const xs = all.filter((_, i) => i % every === 0 || i === all.length - 1);
  const at = (curve) => {
    let next = 0;
    let share = 0;
    return xs.map((x) => {
      while (next < curve.length && curve[next][0] <= x) share = curve[next++][1];
      return share;
    });
  };
  const first = Math.max(xs[0], Math.min(60, xs[xs.length - 1] / 100));
  const marks = [0.1, 1, 10, 60, 300, 900, 3600, 14400, 43200, 86400, 172800, 432000, 864000, 2592000, 8640000];
  return new Chart(figure, {
    overClock: false,
    xs,
    height: 300,
    xScale: { distr: 3, range: () => [first, xs[xs.length - 1]] },
    yScale: { range: () => [0, 1] },
    xAxis: () => axis({
      size: 34,
      splits: (plot, _, low, high) => marks.filter((m) => m >= low && m <= high),
      filter: (_, splits) => splits,
      values: (_, ticks) => ticks.map(span),
    }),
    yAxis: () => valueAxis(percent),
    write: percent,
    place: (x) => `${t("within")} ${span(x)}`,
    lines: perPolicy((p) => [{ values: at(DATA.completion[p]) }]),
  });
};

/** Of those who came in each hour, the share who were through in the end; hours with hardly anybody have none. */
const arrivalsChart = (figure, scope) => {
  const middles = DATA.slots.slice(0, -1).map((from, i) => (from + DATA.slots[i + 1]) / 2);
  const share = (p) => {
    const { arrived, completed_share } = DATA.arrivals[p][scope];
    const least = Math.min(100, Math.max(...arrived) / 20);
    return completed_share.map((value, i) => (arrived[i] >= least && arrived[i] > 0 ? value : null));
  };
  return new Chart(figure, overClock({
    xs: middles,
    height: 190,
    yScale: { range: () => [0, 1] },
    yAxis: () => valueAxis(percent),
    write: percent,
    place: (_, i) => `${moment(DATA.slots[i])} ${t("to")} ${time(DATA.slots[i + 1])}`,
    lines: perPolicy((p) => [{ values: share(p) }]),
  }));
};
