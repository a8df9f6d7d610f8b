"use strict";
/* A chart: a uPlot with a readout for everybody and a table behind it. Which charts there are is said elsewhere. */
const DASHES = [[], [9, 5], [3, 3], [12, 4, 3, 4], [], [7, 4], [3, 3], [9, 5]];
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const ink = (policy) => css(`--p${policy % 8}`);

/** The policies that are shown, and whose requests: 0 is the total, then the classes. */
const shown = { policies: DATA.policies.map((_, i) => i < 8), scope: 0, range: null };
let plots = [];

const axis = (more) => ({
  stroke: css("--soft"),
  font: "12px system-ui, sans-serif",
  grid: { stroke: css("--grid"), width: 1 },
  ticks: { stroke: css("--line"), width: 1, size: 5 },
  ...more,
});
const valueAxis = (write) => axis({ size: 62, values: (_, ticks) => ticks.map((v) => (v == null ? null : write(v))) });

const policiesShown = () => DATA.policies.map((_, p) => p).filter((p) => shown.policies[p]);
const perPolicy = (of) => () =>
  policiesShown().flatMap((p) => of(p).map((line) => ({ ...line, policy: p, label: line.word ? `${DATA.policies[p]}, ${line.word}` : DATA.policies[p] })));

/** Powers of ten between two values. */
const logTicks = (low, high) => {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power += 1) ticks.push(10 ** power);
  return ticks.filter((tick) => tick >= low);
};

/** A chart: the plot, a readout below it, and its table. */
class Chart {
  constructor(figure, options) {
    Object.assign(this, { figure, ...options });
    this.holder = element("div", { class: this.overClock ? "plot clock" : "plot", tabindex: "0", role: "img" });
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
        const faint = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: Boolean(line.bridged) };
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
        points: line.marks ? { show: true, size: line.marks, width: 1.5, stroke: ink(line.policy), fill: ink(line.policy) } : { show: false },
        spanGaps: Boolean(line.bridged),
        paths: { none: () => null, stepped: uPlot.paths.stepped({ align: 1 }) }[line.path],
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
          draw: this.overlay ? [this.overlay] : [],
          setCursor: [(plot) => held.read(plot.cursor.idx)],
          setSelect: [(plot) => held.select(plot)],
        },
      },
      data,
      this.holder,
    );
    if (this.overClock) {
      this.plot.over.addEventListener("dblclick", () => zoom(null));
      pinch(this.plot);
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
    this.holder.setAttribute("aria-label", `${t("chart")}: ${this.caption()}. ${lines.join("; ")}. ${this.overClock ? t("keys") : t("arrow-keys")}`);
  }

  read(index) {
    this.at = index;
    if (index == null) {
      this.readout.replaceChildren(t("hover"));
      return;
    }
    const items = this.shownLines.filter((line) => !line.bridged || line.values[index] != null).map((line) => {
      const swatch = element("span", { class: `swatch p${line.policy % 8}`, "aria-hidden": "true" });
      return element("span", {}, swatch, `${line.label} ${this.tell(line, index)}`);
    });
    this.readout.replaceChildren(element("b", {}, this.place(this.xs[index], index)), ...items);
  }

  /** A value of a line, as its readout and its table have it. */
  tell(line, index) {
    return line.told?.[index] ?? this.write(line.values[index]);
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
      zoomBy(event.key === "+" ? 0.5 : 2, this.at == null ? null : this.xs[this.at]);
      event.preventDefault();
    } else if (this.overClock && event.key === "Escape") zoom(null);
  }

  table() {
    this.details.querySelector(".scroll")?.remove();
    if (!this.details.open) return;
    const lines = this.shownLines;
    const every = Math.max(1, Math.ceil(this.xs.length / 120));
    const head = element("tr", {}, element("th", { scope: "col" }, this.across()),
      ...lines.map((line) => element("th", { scope: "col" }, line.label)));
    const body = element("tbody");
    for (let i = 0; i < this.xs.length; i += every) {
      const cells = lines.map((line) => element("td", {}, this.tell(line, i)));
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

const redraw = () => plots.forEach((chart) => chart.draw());

/** A box for each policy, to switch it on and off. */
const policyBoxes = (fieldset, after = redraw) => {
  fieldset.querySelectorAll("label").forEach((label) => label.remove());
  DATA.policies.forEach((name, p) => {
    const box = element("input", { type: "checkbox" });
    box.checked = shown.policies[p];
    box.addEventListener("change", () => {
      shown.policies[p] = box.checked;
      after();
    });
    fieldset.append(element("label", {}, box, element("span", { class: `swatch p${p % 8}`, "aria-hidden": "true" }), name));
  });
};
