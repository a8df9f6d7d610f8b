"use strict";
/* The page of a sweep: charts of one figure over the parameters, and the table of cells. */
const CELLS = DATA.cells.map(([cell, cost, numbers, labels, figures]) => ({ cell, cost, numbers, labels, figures }));
const chosen = { figure: Math.max(0, DATA.goal?.figure ?? 0), sort: null, filter: "", met: false };
const MOST_ROWS = 1000;

const about = () => DATA.figures[chosen.figure];
const caption = () => about().name[language];
const goal = () => (DATA.goal && DATA.goal.figure === chosen.figure ? DATA.goal : null);
/** Row of results.csv, mean, low, high; null where nothing was measured. */
const found = (cell, policy) => cell.figures[policy][chosen.figure];
/** Where a cell stands on the axis of a parameter: its number, or the place of its label. */
const stand = (cell, i) => (DATA.parameters[i].unit === "text" ? DATA.parameters[i].labels.indexOf(cell.labels[i]) : cell.numbers[i]);

/* Lines over one parameter. */
const response = (holder) => {
  const order = [...CELLS].sort((a, b) => stand(a, 0) - stand(b, 0));
  const xs = order.map((cell) => stand(cell, 0));
  const column = (p, i) => order.map((cell) => found(cell, p)?.[i] ?? null);
  plots.push(overParameter(figureIn(holder, "response", caption()), DATA.parameters[0], xs, about().unit, {
    goal: goal(),
    overlay: goal() ? limitLine(goal()) : undefined,
    lines: perPolicy((p) => [{
      values: column(p, 1),
      band: [column(p, 2), column(p, 3)],
      told: order.map((cell) => figureText(found(cell, p)?.slice(1), about().unit)),
      marks: order.length <= 60 ? 7 : 0,
      bridged: true,
    }]),
  }));
};

/* A figure over each of several parameters, whatever the others are. */
const GROUPS = 10;
const quantile = (sorted, p) => {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]) * (at - below);
};
/** Cells with about the same value of a parameter, in groups that are the same for all policies. */
const groups = (i) => {
  const order = CELLS.map((cell) => [stand(cell, i), cell]).filter(([x]) => x != null && x >= -Infinity).sort((a, b) => a[0] - b[0]);
  const distinct = new Set(order.map(([x]) => x)).size;
  const made = [];
  if (distinct <= 3 * GROUPS) {
    for (const [x, cell] of order) {
      if (made.length && made[made.length - 1].x === x) made[made.length - 1].cells.push(cell);
      else made.push({ x, cells: [cell] });
    }
  } else {
    const size = Math.ceil(order.length / GROUPS);
    for (let from = 0; from < order.length; from += size) {
      const part = order.slice(from, from + size);
      made.push({ x: part.reduce((sum, [x]) => sum + x, 0) / part.length, cells: part.map(([, cell]) => cell) });
    }
  }
  return made;
};
const effects = (holder) => {
  holder.append(element("p", {}, filled("effects-intro", { figure: caption() })));
  const small = element("div", { class: "small-charts" });
  holder.append(small);
  DATA.parameters.forEach((parameter, i) => {
    const all = groups(i);
    const values = (p) => all.map(({ cells }) => cells.map((cell) => found(cell, p)?.[1]).filter((v) => v != null).sort((a, b) => a - b));
    plots.push(overParameter(figureIn(small, "effect", parameter.pointer), parameter, all.map(({ x }) => x), about().unit, {
      height: 230,
      goal: goal(),
      overlay: goal() ? limitLine(goal()) : undefined,
      lines: perPolicy((p) => {
        const of = values(p);
        const each = (reckon) => of.map((group) => (group.length ? reckon(group) : null));
        return [{
          values: each((group) => group.reduce((sum, value) => sum + value, 0) / group.length),
          band: [each((group) => quantile(group, 0.05)), each((group) => quantile(group, 0.95))],
          marks: 6,
          bridged: true,
        }];
      }),
    }));
  });
};

/* A heat map of two parameters: a table for each policy, whose cells are coloured. */
const STOPS = [[247, 251, 255], [158, 202, 225], [49, 130, 189], [8, 48, 107]];
const shade = (share) => {
  const at = Math.min(1, Math.max(0, share)) * 3;
  const below = Math.min(2, Math.floor(at));
  return STOPS[below].map((from, i) => Math.round(from + (STOPS[below + 1][i] - from) * (at - below)));
};
/** Black or white, whichever is easier to read on a colour (WCAG's relative luminance). */
const readable = (colour) => {
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
};
const heatMaps = (holder) => {
  const labelsOf = (i) => [...new Map([...CELLS].sort((a, b) => (stand(a, i) ?? 0) - (stand(b, i) ?? 0)).map((cell) => [cell.labels[i], cell.labels[i]])).values()];
  const [columns, rows] = [labelsOf(0), labelsOf(1)];
  const policies = policiesShown();
  const means = CELLS.flatMap((cell) => DATA.policies.map((_, p) => found(cell, p)?.[1])).filter((value) => value != null);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const at = new Map(CELLS.map((cell) => [JSON.stringify(cell.labels), cell]));
  const write = plain[about().unit];
  const dense = columns.length > 14;
  const [x, y] = DATA.parameters.map(({ name }) => name);
  const whole = DATA.parameters.map(({ pointer }) => pointer);
  if (goal()) holder.append(element("p", { class: "fine" }, filled("heat-goal", { goal: goal().text })));
  for (const p of policies) {
    const head = element("tr", {}, element("th", { scope: "col", title: `${whole[1]} ↓ ${whole[0]} →` }, `${y} ↓ ${x} →`), ...columns.map((name) => element("th", { scope: "col" }, name)));
    const body = rows.toReversed().map((row) => element("tr", {}, element("th", { scope: "row" }, row), ...columns.map((column) => {
      const cell = at.get(JSON.stringify([column, row]));
      const value = cell && found(cell, p);
      if (!value) return element("td", {}, "–");
      const colour = shade(high > low ? (value[1] - low) / (high - low) : 0);
      const met = goal() && meets(goal(), value[1]);
      const text = write(value[1]) + (met ? " ✓" : "");
      const node = marked("td", `/results/${value[0]}/mean`, value[1], about().unit, text);
      node.style.cssText = `background: rgb(${colour}); color: ${readable(colour)}`;
      node.title = `${x} = ${column}, ${y} = ${row}: ${figureText(value.slice(1), about().unit)}`;
      if (met) node.classList.add("met");
      return node;
    })));
    const figure = figureIn(holder, "heat-map", "");
    figure.querySelector("figcaption").append(element("span", { class: `swatch p${p % 8}`, "aria-hidden": "true" }), `${DATA.policies[p]}: ${caption()}`);
    const table = element("table", { class: dense ? "heat dense" : "heat" }, element("thead", {}, head), element("tbody", {}, ...body));
    figure.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${DATA.policies[p]}: ${caption()}` }, table));
  }
};

/* What it costs: every cell, and the front of those that none beats in both. */
const frontOf = (points) => {
  const sign = DATA.goal && !DATA.goal.at_most ? -1 : 1;
  const front = [];
  for (const point of [...points].sort((a, b) => a.cost - b.cost || sign * (a.value - b.value))) {
    if (!front.length || sign * point.value < sign * front[front.length - 1].value) front.push(point);
  }
  return new Set(front.map((point) => point.cell));
};
const pareto = (holder) => {
  const order = CELLS.filter((cell) => cell.cost != null).sort((a, b) => a.cost - b.cost);
  if (!order.length) return;
  const xs = order.map((cell) => cell.cost);
  const cost = { pointer: `${t("cost")} = ${DATA.cost}`, unit: "number", log: false, labels: [] };
  plots.push(overParameter(figureIn(holder, "pareto", filled("pareto-caption", { figure: caption() })), cost, xs, about().unit, {
    goal: goal(),
    overlay: goal() ? limitLine(goal()) : undefined,
    lines: perPolicy((p) => {
      const front = frontOf(order.filter((cell) => found(cell, p)).map((cell) => ({ cell, cost: cell.cost, value: found(cell, p)[1] })));
      const told = order.map((cell) => `${figureText(found(cell, p)?.slice(1), about().unit)} (${cell.labels.join(", ")})`);
      return [
        { word: t("every-cell"), values: order.map((cell) => found(cell, p)?.[1] ?? null), path: "none", marks: 5, bridged: true, told },
        { word: t("front"), values: order.map((cell) => (front.has(cell) ? found(cell, p)[1] : null)), path: "stepped", marks: 9, bridged: true, told },
      ];
    }),
  }));
};

/* Which parameters matter: a bar a parameter, the longest first, a table a policy. */
const SVG = "http://www.w3.org/2000/svg";
const effectBar = (effect, most) => {
  const svg = document.createElementNS(SVG, "svg");
  const at = (value) => Math.min(200, Math.max(0, (value / most) * 200)).toFixed(1);
  svg.setAttribute("viewBox", "0 0 204 16");
  svg.setAttribute("class", "effect");
  svg.setAttribute("aria-hidden", "true");
  const part = (name, attributes) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    svg.append(node);
  };
  part("rect", { x: 0, y: 3, width: Math.max(1, at(effect[3])), height: 10 });
  if (effect[4] != null && effect[5] != null) part("path", { d: `M${at(effect[4])} 8H${at(effect[5])}` });
  return svg;
};
const tornado = (holder) => {
  const morris = DATA.design === "morris";
  const [long, other] = morris ? ["mu_star", "sigma"] : ["total", "first"];
  const unit = morris ? about().unit : "share";
  const names = { mu_star: t("mu-star"), sigma: t("sigma"), total: t("total-order"), first: t("first-order") };
  holder.append(element("p", {}, morris ? t("tornado-morris") : t("tornado-sobol")));
  const all = policiesShown().map((p) => DATA.effects[p][chosen.figure] ?? []);
  const most = Math.max(1e-12, ...all.flat().filter((e) => [long, other].includes(e[2])).map((e) => Math.max(e[3], e[5] ?? 0)));
  policiesShown().forEach((p, nth) => {
    const figure = figureIn(holder, "tornado", "");
    figure.querySelector("figcaption").append(element("span", { class: `swatch p${p % 8}`, "aria-hidden": "true" }), `${DATA.policies[p]}: ${caption()}`);
    const of = (parameter, measure) => all[nth].find((e) => e[1] === parameter && e[2] === measure);
    const order = DATA.parameters.map((_, i) => i).filter((i) => of(i, long)).sort((a, b) => of(b, long)[3] - of(a, long)[3]);
    if (!order.length) {
      figure.append(element("p", {}, t("no-effects")));
      return;
    }
    const cells = (effect) => [
      element("td", {}, effectBar(effect, most)),
      marked("td", `/sensitivity/${effect[0]}/value`, effect[3], unit, plain[unit](effect[3])),
      element("td", { class: "interval" }, effect[4] == null ? "–" : t("range").replace("{low}", plain[unit](effect[4])).replace("{high}", plain[unit](effect[5]))),
    ];
    const rows = order.map((i) => element("tr", {}, element("th", { scope: "row" }, element("code", {}, DATA.parameters[i].pointer)), ...cells(of(i, long)), cells(of(i, other))[1]));
    const wide = (text, columns = 1) => element("th", { scope: "col", colspan: columns }, text);
    const head = element("tr", {}, wide(t("parameter")), wide(names[long], 2), wide(t("interval")), wide(names[other]));
    const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
    figure.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${DATA.policies[p]}: ${caption()}` }, table));
  });
};

/* The table of cells. */
const sortKeys = () => [
  ...DATA.parameters.map((_, i) => (cell) => stand(cell, i) ?? cell.labels[i]),
  ...(DATA.cost ? [(cell) => cell.cost] : []),
  ...policiesShown().map((p) => (cell) => found(cell, p)?.[1]),
];
const cellsShown = () => {
  let list = CELLS.filter((cell) => !chosen.filter || cell.labels.some((label, i) => `${DATA.parameters[i].pointer} = ${label}`.toLowerCase().includes(chosen.filter)));
  if (chosen.met && goal()) list = list.filter((cell) => policiesShown().some((p) => found(cell, p) && meets(goal(), found(cell, p)[1])));
  const key = chosen.sort && sortKeys()[chosen.sort.column];
  if (!key) return list;
  const sign = chosen.sort.down ? -1 : 1;
  const missing = (value) => value == null;
  return list.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (missing(x) || missing(y)) return missing(x) - missing(y);
    return x < y ? -sign : x > y ? sign : 0;
  });
};
const buildTable = () => {
  const page = current();
  const list = cellsShown();
  const write = (p, cell) => {
    const value = found(cell, p);
    if (!value) return element("td", {}, "–");
    const met = goal() && meets(goal(), value[1]);
    const node = element("td", met ? { class: "good" } : {});
    node.append(marked("span", `/results/${value[0]}/mean`, value[1], about().unit, figureText(value.slice(1), about().unit)), met ? " ✓" : "");
    return node;
  };
  const rows = list.slice(0, MOST_ROWS).map((cell) => element("tr", {},
    ...cell.labels.map((label, i) => element(i ? "td" : "th", i ? {} : { scope: "row" }, label)),
    ...(DATA.cost ? [element("td", {}, told(cell.cost))] : []),
    ...policiesShown().map((p) => write(p, cell))));
  const names = [...DATA.parameters.map(({ name }) => name), ...(DATA.cost ? [t("cost")] : []), ...policiesShown().map((p) => DATA.policies[p])];
  const heads = names.map((name, column) => {
    const by = chosen.sort?.column === column ? chosen.sort : null;
    const button = element("button", { type: "button", class: "sort" }, `${name} `, element("span", { "aria-hidden": "true" }, by ? (by.down ? "▼" : "▲") : "↕"));
    button.addEventListener("click", () => {
      chosen.sort = { column, down: Boolean(by) && !by.down };
      buildTable();
      current().querySelectorAll("button.sort")[column].focus();
    });
    const whole = DATA.parameters[column]?.pointer;
    return element("th", { scope: "col", ...(whole ? { title: whole } : {}), "aria-sort": by ? (by.down ? "descending" : "ascending") : "none" }, button);
  });
  const table = element("table", {}, element("caption", {}, caption()), element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
  page.querySelector(".cells-table").replaceChildren(table);
  const left = DATA.every > 1 ? ` ${filled("every-so-manyth", { every: number(DATA.every) })}` : "";
  page.querySelector(".count").textContent = filled("cells-shown", { some: number(Math.min(list.length, MOST_ROWS)), all: number(DATA.all_cells) }) + left;
};

const build = () => {
  clear();
  const page = current();
  policyBoxes(page.querySelector(".policies"), build);
  const select = page.querySelector(".figures select");
  select.replaceChildren(...DATA.figures.map(({ name }, i) => element("option", { value: i }, name[language])));
  select.value = chosen.figure;
  select.onchange = () => {
    chosen.figure = Number(select.value);
    build();
  };
  page.querySelector(".goal-line").textContent = DATA.goal && !goal() ? filled("goal-is-of", { goal: DATA.goal.text }) : "";
  const only = page.querySelector(".only-met");
  only.hidden = !goal();
  only.querySelector("input").checked = chosen.met;
  only.querySelector("input").onchange = (event) => {
    chosen.met = event.target.checked;
    buildTable();
  };
  const filter = page.querySelector(".filter input");
  filter.value = chosen.filter;
  filter.oninput = () => {
    chosen.filter = filter.value.toLowerCase();
    buildTable();
  };
  const holder = page.querySelector(".study-charts");
  if (CELLS.length && DATA.figures.length) {
    const many = DATA.parameters.length;
    if (many === 1 || DATA.design === "zip") response(holder);
    if (many === 2 && DATA.design === "grid" && CELLS.length <= 10_000) heatMaps(holder);
    if (DATA.effects) tornado(holder);
    if (many > 1 && !["zip", "morris"].includes(DATA.design)) effects(holder);
    if (DATA.cost) pareto(holder);
  } else holder.append(element("p", {}, t("no-cells")));
  buildTable();
};
looks({ speak: build, redraw });
