"use strict";
/* The charts of a run. */
let MIDDLES, WIDTHS, LAST;
/** Takes the data of a run for those that all charts show. */
const take = (data) => {
  DATA = data;
  MIDDLES = DATA.edges.slice(0, -1).map((from, i) => (from + DATA.edges[i + 1]) / 2);
  WIDTHS = DATA.edges.slice(0, -1).map((from, i) => DATA.edges[i + 1] - from);
  LAST = DATA.edges[DATA.edges.length - 1];
};
take(DATA);

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

const clockAxis = () =>
  axis({
    size: 46,
    splits: (plot, _, low, high) => clockTicks(low, high, Math.max(2, Math.floor(plot.width / 78))),
    values: (_, ticks) => clockLabels(ticks),
  });
const zoom = (range) => {
  const wide = range && range[1] - range[0] < LAST * 0.999 && range[1] - range[0] >= Math.min(...WIDTHS);
  shown.range = wide ? range : null;
  const [min, max] = shown.range ?? [0, LAST];
  for (const chart of plots) if (chart.overClock) chart.plot.setScale("x", { min, max });
};

/** Shows a part of the clock that is by a factor shorter or longer, around a second of the run or around the middle. */
const zoomBy = (factor, around) => {
  const [low, high] = shown.range ?? [0, LAST];
  const middle = around ?? (low + high) / 2;
  const half = ((high - low) / 2) * factor;
  zoom([Math.max(0, middle - half), Math.min(LAST, middle + half)]);
};

/** Two fingers on a chart spread it or move it: what is below them stays below them. One finger scrolls the page up and down, and reads values across. */
const pinch = (plot) => {
  const { over } = plot;
  const place = (touch) => touch.clientX - over.getBoundingClientRect().left;
  let held = null;
  const hold = (event) => {
    held = event.touches.length === 2 ? [...event.touches].map((touch) => plot.posToVal(place(touch), "x")).sort((a, b) => a - b) : null;
    if (held) event.preventDefault();
  };
  const move = (event) => {
    if (!held || event.touches.length !== 2) {
      plot.setCursor({ left: place(event.touches[0]), top: 0 });
      return;
    }
    event.preventDefault();
    const [left, right] = [...event.touches].map(place).sort((a, b) => a - b);
    if (right - left < 8) return;
    const perPixel = (held[1] - held[0]) / (right - left);
    const low = held[0] - left * perPixel;
    zoom([Math.max(0, low), Math.min(LAST, low + over.clientWidth * perPixel)]);
  };
  over.addEventListener("touchstart", hold, { passive: false });
  over.addEventListener("touchmove", move, { passive: false });
  over.addEventListener("touchend", hold, { passive: false });
};

const overClock = (more) => ({
  overClock: true,
  across: () => t("time"),
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
    across: () => t("within"),
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

/** A chart over the clock of the kind that its figure says. */
const clockChart = (figure, more) => {
  const kind = figure.dataset.chart;
  return new Chart(figure, overClock({
    lines: perPolicy(LINES[kind]),
    ...(kind === "load" ? {
      yScale: { distr: 3, range: (_, low, high) => [10 ** Math.floor(Math.log10(Math.max(low ?? 0.01, (high ?? 1) / 1e5))), (high ?? 1) * 1.5] },
      yAxis: () => axis({ size: 62, splits: (_, __, low, high) => logTicks(low, high), filter: (_, s) => s, values: (_, ticks) => ticks.map(short) }),
    } : {}),
    ...more,
  }));
};

/** Whose requests are shown, and the buttons that zoom. */
const clockControls = (page) => {
  const select = page.querySelector(".scope select");
  select.replaceChildren(...[t("all"), ...DATA.classes].map((name, i) => element("option", { value: i }, name)));
  select.value = shown.scope;
  select.onchange = () => {
    shown.scope = Number(select.value);
    redraw();
  };
  page.querySelector(".scope").hidden = DATA.classes.length < 2;
  page.querySelector(".nearer").onclick = () => zoomBy(0.5);
  page.querySelector(".farther").onclick = () => zoomBy(2);
  page.querySelector(".reset").onclick = () => zoom(null);
};
