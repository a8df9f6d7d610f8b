"use strict";
/* What the pages of sweeps and plans have in common: figures with their intervals, and charts of a figure over a parameter. */
const filled = (key, values) => t(key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const plain = { share: percent, seconds: (value) => (value == null ? "–" : span(value)), number: told };
const fixed = (value, digits) => number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
/** A mean with half of its interval, both to the digit that the interval decides. */
const withInterval = ([mean, low, high], unit) => {
  const half = low == null || high == null ? 0 : (high - low) / 2;
  if (!(half > 0)) return plain[unit](mean);
  const both = (size, digits) => `${fixed(mean / size, digits)} ± ${fixed(half / size, digits)}`;
  if (unit === "share") return half < 5e-5 ? plain.share(mean) : `${both(0.01, half < 9.5e-4 ? 2 : 1)} %`;
  if (unit === "number") {
    const place = Math.max(1, 10 ** (Math.floor(Math.log10(half)) - 1));
    const rounded = (value) => number(Math.round(value / place) * place);
    return half >= 9.5 ? `${rounded(mean)} ± ${rounded(half)}` : both(1, Math.min(7, Math.max(0, 1 - Math.floor(Math.log10(half)))));
  }
  const sizes = [[86400, t("day")], [3600, "h"], [60, "min"], [1, "s"], [0.001, "ms"]];
  const fit = sizes.find(([size]) => Math.max(Math.abs(mean), half) >= size * 2 && half >= size * 0.05);
  return fit ? `${both(fit[0], half < fit[0] * 2 ? 1 : 0)} ${fit[1]}` : plain.seconds(mean);
};
const figureText = (figure, unit) => (figure ? withInterval(figure, unit) : "–");

/** Whether a value meets a goal. */
const meets = (goal, value) => (goal.at_most ? value <= goal.limit : value >= goal.limit);

/** A dashed line at the goal's limit, with its text. */
const limitLine = (goal) => (plot) => {
  const { ctx, bbox } = plot;
  const y = plot.valToPos(goal.limit, "y", true);
  if (!(y >= bbox.top && y <= bbox.top + bbox.height)) return;
  ctx.save();
  ctx.strokeStyle = css("--ink");
  ctx.fillStyle = css("--ink");
  ctx.lineWidth = 1.4 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  // On the side that misses the goal, where the curves of answers are not, if there is room.
  const room = 18 * devicePixelRatio;
  const above = goal.at_most ? y - bbox.top > room : bbox.top + bbox.height - y <= room;
  const at = [bbox.left + bbox.width - 4 * devicePixelRatio, y + (above ? -6 : 16) * devicePixelRatio];
  ctx.setLineDash([]);
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.strokeStyle = css("--paper");
  ctx.strokeText(goal.text, ...at);
  ctx.fillText(goal.text, ...at);
  ctx.restore();
};

/** The vertical axis of a figure: from zero where its values come near it, and with the goal's limit inside. */
const figureScale = (goal) => ({
  range: (_, low, high) => {
    let [bottom, top] = [low ?? 0, high ?? 1];
    if (goal) [bottom, top] = [Math.min(bottom, goal.limit), Math.max(top, goal.limit)];
    if (bottom >= 0 && bottom < 0.6 * top) bottom = 0;
    const room = (top - bottom || Math.abs(top) || 1) * 0.06;
    return [bottom === 0 ? 0 : bottom - room, top + room];
  },
});

/** A chart of lines over the values of a parameter; `xs` are numbers, or places of the labels of a parameter that has none. */
const overParameter = (figure, parameter, xs, unit, more) => {
  const label = (x) => (parameter.unit === "text" ? parameter.labels[x] ?? "" : parameter.unit === "seconds" ? span(x) : told(x));
  const log = parameter.log && xs.every((x) => x > 0);
  const distinct = [...new Set(xs)];
  const ends = [distinct[0], distinct[distinct.length - 1]];
  const margin = (ends[1] - ends[0] || Math.abs(ends[0]) || 1) * 0.03;
  /* Few values stand at the axis themselves, as many as there is room for. */
  const splits = (plot, _, low, high) => {
    if (distinct.length > 30) return log ? logTicks(low, high) : null;
    const room = Math.max(1, Math.floor(plot.width / 70));
    const every = Math.ceil(distinct.length / room);
    return distinct.filter((_, i) => i % every === 0);
  };
  return new Chart(figure, {
    overClock: false,
    across: () => parameter.pointer,
    xs,
    height: 270,
    xScale: log ? { distr: 3, range: () => [ends[0] / 1.04, ends[1] * 1.04] } : { range: () => [ends[0] - margin, ends[1] + margin] },
    yScale: figureScale(more.goal),
    xAxis: () => axis({
      size: 32,
      label: parameter.name ?? parameter.pointer,
      labelSize: 18,
      labelFont: "12px system-ui, sans-serif",
      ...(distinct.length <= 30 || log ? { splits, filter: (_, ticks) => ticks } : {}),
      values: (_, ticks) => ticks.map((tick) => (tick == null ? null : label(tick))),
    }),
    yAxis: () => valueAxis(unit === "share" ? percent : unit === "seconds" ? (value) => (value < 0 ? "" : span(value)) : short),
    write: plain[unit],
    place: (x) => `${parameter.pointer} = ${label(x)}`,
    ...more,
  });
};

/** Empties the page of what scripts put there. */
const clear = () => {
  for (const chart of plots) chart.plot.destroy();
  plots = [];
  document.querySelectorAll(".study-charts").forEach((holder) => holder.replaceChildren());
};
/** A figure with its caption, in a holder. */
const figureIn = (holder, kind, caption) => {
  const figure = element("figure", { "data-chart": kind }, element("figcaption", {}, caption));
  holder.append(figure);
  return figure;
};
/** A number that says where it comes from. */
const marked = (name, pointer, value, unit, text) => element(name, { "data-p": pointer, "data-v": String(value), "data-unit": unit }, text);
