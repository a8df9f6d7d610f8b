"use strict";
/* The page: levers to changes, changes to runs, runs to charts. */
const SETUP = read("setup");
const byId = (id) => document.getElementById(id);
const filled = (key, values) => t(key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** What stands at another value than in the file, by pointer. */
const changes = new Map();
/** The last results, those of the file as it is, and what is under way. */
const state = { result: null, first: null, running: null, wanted: false, note: null, saved: null, mistakes: [] };

const changeList = () => [...changes].map(([pointer, value]) => ({ pointer, value }));
const send = (address, wish, signal) =>
  fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish), signal });

/* Levers. */
const GROUPS = { stations: "group-station", classes: "group-class", policies: "group-policy" };
const openOwners = new Map();
const buildLevers = () => {
  const holder = byId("levers");
  const owners = new Map();
  for (const lever of SETUP.levers) {
    const key = `${lever.group}/${lever.owner}`;
    if (!owners.has(key)) owners.set(key, []);
    owners.get(key).push(lever);
  }
  const unfolded = (key, i) => openOwners.get(key) ?? (i === 0 || innerWidth < 960 ? i === 0 : key.startsWith("stations/") ? false : key.startsWith("policies/") ? SETUP.policies.indexOf(key.slice(9)) === Math.min(1, SETUP.policies.length - 1) : [...owners.keys()].filter((k) => k.startsWith("classes/"))[0] === key);
  holder.replaceChildren(...[...owners].map(([key, levers], i) => {
    const { group, owner } = levers[0];
    const moved = element("span", { class: "moved" });
    const summary = element("summary", {}, element("span", {}, element("b", {}, owner), " ", element("span", { class: "kind" }, t(GROUPS[group]))), moved);
    if (group === "policies") summary.prepend(element("span", { class: `swatch p${SETUP.policies.indexOf(owner) % 8}`, "aria-hidden": "true" }));
    const inside = element("div", { class: "inside" });
    const node = element("details", { class: "owner" }, summary, inside);
    const count = () => {
      const many = levers.filter((lever) => changes.has(lever.pointer)).length;
      moved.textContent = many ? filled("moved", { many }) : "";
    };
    for (const lever of levers) {
      const first = lever.kind === "room" ? false : lever.value;
      const value = changes.has(lever.pointer) ? changes.get(lever.pointer) : first;
      inside.append(leverRow(lever, structuredClone(value), (now) => {
        if (JSON.stringify(now) === JSON.stringify(first)) changes.delete(lever.pointer);
        else changes.set(lever.pointer, structuredClone(now));
        count();
        leversMoved();
      }));
    }
    node.open = unfolded(key, i);
    node.addEventListener("toggle", () => openOwners.set(key, node.open));
    count();
    return node;
  }));
};

let pause = 0;
const leversMoved = () => {
  state.saved = null;
  byId("reset").disabled = changes.size === 0;
  clearTimeout(pause);
  pause = setTimeout(quickLook, 140);
};
/** A look that is under way is let finish, so that something is seen while one drags; one that takes long is not waited for. */
const quickLook = () => {
  const running = state.running;
  if (running?.full) {
    state.note = "moved-since";
    showState();
  } else if (running && performance.now() - running.begun < 2500) {
    state.wanted = true;
  } else {
    run(false);
  }
};

/* Runs. */
/** The events of an answer, as they come: pairs of kind and data. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const [kind, data] = part.split("\ndata: ");
      yield [kind.slice("event: ".length), JSON.parse(data)];
    }
  }
}

const run = async (full) => {
  state.running?.abort.abort();
  const mine = { full, abort: new AbortController(), begun: performance.now(), share: null, changed: changes.size > 0 };
  Object.assign(state, { running: mine, wanted: false, note: null, mistakes: [] });
  showState();
  try {
    const answer = await send("run", { changes: changeList(), full }, mine.abort.signal);
    if (!answer.ok) await refused(answer);
    else {
      for await (const [kind, data] of events(answer.body)) {
        if (kind === "started") Object.assign(mine, { share: 0, how: data });
        if (kind === "progress") mine.share = data.share;
        if (kind === "failed") fail(data);
        if (kind === "done") finish(mine, data);
        if (state.running === mine) showProgress();
      }
      if (!mine.ended && !state.note) state.note = "lost";
    }
  } catch (error) {
    if (state.running === mine) state.note = error.name === "AbortError" ? "cancelled" : "lost";
  }
  if (state.running !== mine) return;
  state.running = null;
  showState();
  if (state.wanted) run(false);
};
const refused = async (answer) => {
  const told = await answer.json().catch(() => ({}));
  if (told.mistakes) state.mistakes = told.mistakes.map(({ pointer, text }) => (pointer ? `${pointer}: ${text}` : text));
  else if (told.why === "memory") state.mistakes = [filled("needs-memory", { needed: short(told.needed / 2 ** 20), allowed: short(told.allowed / 2 ** 20) })];
  else state.note = told.why === "busy" ? "busy" : "lost";
};
const fail = ({ why, seconds, text }) => {
  state.mistakes = [why === "time" ? filled("took-too-long", { seconds }) : text];
  state.note = "failed";
};
const finish = (mine, done) => {
  mine.ended = true;
  const fresh = !state.result;
  state.result = { ...done, how: mine.how };
  if (!mine.changed && !mine.full) state.first = state.result;
  take(done.data);
  if (fresh) {
    shown.policies = DATA.policies.map((_, i) => i < 8);
    byId("charts").hidden = false;
    buildCharts();
  } else if (roomFigures().some((figure) => figure.hidden === hasRooms())) {
    buildCharts();
  } else {
    for (const chart of plots) if (chart.overClock) chart.xs = MIDDLES;
    plots = plots.filter((chart) => chart.overClock);
    buildTime();
    redraw();
  }
  showCards();
};

/* What is shown of it. */
const howText = (how) => filled(how.full ? "how-full" : "how-quick", { scale: percent(how.scale), runs: number(how.replications) });
const showProgress = () => {
  const bar = byId("progress");
  bar.classList.toggle("idle", !state.running);
  if (state.running && state.running.share === null) bar.removeAttribute("value");
  else bar.value = state.running?.share ?? 0;
};
let said = "";
const showState = () => {
  const { running, result, note } = state;
  const long = running?.full;
  byId("full").disabled = Boolean(long);
  byId("cancel").hidden = !running;
  const link = byId("report");
  link.hidden = !result?.report;
  if (result?.report) link.href = `report/${result.report}`;
  document.querySelector(".live").classList.toggle("waiting", Boolean(running));
  const told = running
    ? [t(long ? "running-full" : "running-quick")]
    : [note && t(note), result && howText(result.how), result && filled("took", { seconds: number(result.seconds, { maximumFractionDigits: 1 }) })];
  const text = [state.saved && filled("saved", { file: state.saved }), ...told].filter(Boolean).join(" · ");
  if (text !== said) byId("status").textContent = said = text;
  const box = byId("mistakes");
  box.hidden = state.mistakes.length === 0;
  box.replaceChildren(t("mistakes"), element("ul", {}, ...state.mistakes.map((text) => element("li", {}, text))));
  showProgress();
};

const mean = (figure) => figure?.mean ?? null;
/** Requests without an answer of all that were sent: timed out, refused, or cut by an outage. */
const lostShare = (total) => {
  const sent = mean(total.requests);
  const lost = [total.timeouts, total.refused, total.failed].reduce((sum, figure) => sum + (mean(figure) ?? 0), 0);
  return sent ? lost / sent : null;
};
const FIGURES = [
  ["card-lost", (total) => lostShare(total), percent],
  ["card-wait", (total) => mean(total.wait?.p95), (value) => (value === null ? "–" : span(value))],
  ["card-time", (total) => mean(total.time_to_complete?.p50), (value) => (value === null ? "–" : span(value))],
  ["card-requests", (total) => mean(total.requests_per_completion), told],
];
const showCards = () => {
  const result = state.result;
  if (!result) return;
  const first = changes.size && state.first && !result.how.full ? state.first : null;
  byId("glance").replaceChildren(...DATA.policies.map((name, p) => element("span", {},
    element("span", { class: `swatch p${p % 8}` }), `${name} `, element("b", {}, percent(mean(result.figures[name].total.completed_share))))));
  byId("cards").replaceChildren(...DATA.policies.map((name, p) => {
    const { total, classes } = result.figures[name];
    const before = first?.figures[name]?.total;
    const rows = element("dl", { class: "rows" });
    for (const [key, of, write] of FIGURES) rows.append(element("dt", {}, t(key)), element("dd", {}, write(of(total))));
    const many = Object.entries(classes ?? {});
    if (many.length > 1) for (const [name, figures] of many) rows.append(element("dt", {}, filled("card-class", { name })), element("dd", {}, percent(mean(figures.completed_share))));
    const { low, high, n } = total.completed_share ?? {};
    const sure = n >= 5 && low !== null ? element("span", { class: "was" }, filled("between", { low: percent(low), high: percent(high) })) : "";
    const was = before ? element("span", { class: "was" }, filled("was", { share: percent(mean(before.completed_share)) })) : "";
    return element("article", { class: "card" },
      element("h3", {}, element("span", { class: `swatch p${p % 8}`, "aria-hidden": "true" }), name),
      element("b", { class: "big" }, percent(mean(total.completed_share))),
      element("span", { class: "was" }, t("card-through")), " ", was, sure, rows);
  }));
};

/** The charts of waiting rooms are there while a policy has one. */
const roomFigures = () => [...document.querySelectorAll("#charts .of-rooms")];
const hasRooms = () => DATA.policies.some((_, p) => column.has(p, "in_room"));
const bare = (figure) => figure.querySelectorAll(".plot, .readout, details, p").forEach((old) => old.remove());
const buildTime = () => {
  const figure = document.querySelector('[data-chart="time"]');
  bare(figure);
  const chart = timeChart(figure);
  if (chart) plots.push(chart);
};
const buildCharts = () => {
  if (!state.result) return;
  policyBoxes(document.querySelector(".policies"));
  clockControls(document);
  for (const chart of plots) chart.plot.destroy();
  for (const figure of roomFigures()) figure.hidden = !hasRooms();
  const figures = [...document.querySelectorAll("#charts figure")];
  figures.forEach(bare);
  plots = figures.filter((figure) => !figure.hidden && figure.dataset.chart !== "time").map((figure) => clockChart(figure, { height: 220 }));
  buildTime();
};

/* Files. */
const downloaded = async () => {
  const answer = await send("scenario", { changes: changeList() });
  if (!answer.ok) return refused(answer);
  const link = element("a", { href: URL.createObjectURL(await answer.blob()), download: `${SETUP.name}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
const saved = async () => {
  const answer = await send("save", { changes: changeList() });
  if (!answer.ok) return refused(answer);
  state.saved = (await answer.json()).file;
  showState();
};
const asked = (of) => async () => {
  state.mistakes = [];
  showState();
  try {
    await of();
  } catch {
    state.note = "lost";
  }
  if (state.mistakes.length || state.note === "lost") showState();
};

/* Language. */
const speak = () => {
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  document.title = `${SETUP.title} · clickday`;
  buildLevers();
  buildCharts();
  showCards();
  showState();
};

byId("title").textContent = SETUP.title;
byId("version").textContent = SETUP.version;
byId("save").hidden = !SETUP.saves;
byId("full").addEventListener("click", () => run(true));
byId("cancel").addEventListener("click", () => state.running?.abort.abort());
byId("reset").addEventListener("click", () => {
  changes.clear();
  buildLevers();
  leversMoved();
});
byId("download").addEventListener("click", asked(downloaded));
byId("save").addEventListener("click", asked(saved));
looks({ speak, redraw });
run(false);
