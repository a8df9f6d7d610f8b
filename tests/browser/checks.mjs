// What the browser tests use: promises that are counted, axe-core, and how much ink a chart has.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 15_000;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const broken = [];
let checks = 0;

export const hold = (truth, what) => {
  checks += 1;
  if (!truth) broken.push(what);
};

/** A promise that the page may keep a little later, because browsers tell of what was done (`toggle`, a resize) in a later task. */
export const soon = async (truth, what) => {
  const until = Date.now() + PATIENCE_MS;
  let kept = await truth();
  while (!kept && Date.now() < until) {
    await sleep(50);
    kept = await truth();
  }
  hold(kept, typeof what === "function" ? await what() : what);
};

export const accessible = async (page, name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const v of violations) broken.push(`${name}: axe: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  checks += 1;
};

/** Pixels of each chart's canvas that are not empty. */
export const inked = (page, selector) =>
  page.$$eval(selector, (nodes) => nodes.map((node) => {
    const canvas = node.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count += 1;
    return count;
  }));

const at = (json, pointer) =>
  pointer.split("/").slice(1).map((s) => s.replaceAll("~1", "/").replaceAll("~0", "~")).reduce((value, key) => value?.[key], json);

/** Numbers of the page against a file of the results: those it says it shows, and, of shares and counts, the digits that people read. */
export const compareNumbers = async (page, file, name, least = 30) => {
  const marked = await page.$$eval("main:visible [data-p], .page:not([hidden]) [data-p]", (nodes) =>
    nodes.map((n) => ({ pointer: n.dataset.p, value: Number(n.dataset.v), unit: n.dataset.unit, text: n.textContent })));
  hold(marked.length >= least, `${name}: only ${marked.length} numbers are marked`);
  for (const { pointer, value, unit, text } of marked) {
    hold(at(file, pointer) === value, `${name}: ${pointer} is ${at(file, pointer)}, the page has ${value}`);
    const first = /^[~+\s]*([−-]?[\d.,]+)\s*([kMGT%])?/.exec(text.replace(/\s±\s[\d.,<]+/, ""));
    if (!first || !unit || unit === "seconds") continue;
    const decimals = (first[1].split(".")[1] ?? "").length;
    const factor = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, "%": 0.01 }[first[2]] ?? 1;
    const shown = Number(first[1].replaceAll(",", "").replace("−", "-")) * factor;
    // Half of the last digit, or, where the interval decides the digits, the interval.
    const margin = /±\s([\d.,]+)/.exec(text);
    const slack = margin ? Number(margin[1].replaceAll(",", "")) * factor : 0;
    const digit = factor * 10 ** -decimals * 0.51;
    hold(Math.abs(shown - value) <= Math.max(digit, slack, Math.abs(value) * 1e-9), `${name}: ${pointer}: ${value} is shown as ${text}`);
  }
  return marked.length;
};

/** Two fingers on an element, spread from a quarter of its width to `factor` times that, around its middle. */
export const pinch = async (page, element, factor) => {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  const session = await page.context().newCDPSession(page);
  const touch = (type, spread) => session.send("Input.dispatchTouchEvent", {
    type,
    touchPoints: type === "touchEnd" ? [] : [-1, 1].map((side, id) => ({ id, x: box.x + box.width / 2 + (side * spread) / 2, y: box.y + box.height / 2 })),
  });
  const first = box.width / 4;
  await touch("touchStart", first);
  for (const part of [0.25, 0.5, 0.75, 1]) await touch("touchMove", first * (1 + (factor - 1) * part));
  await touch("touchEnd");
  await session.detach();
};

/** What the page says that it should not: errors, dialogs, and requests of addresses that are not `allowed`. */
export const listen = (page, allowed) => {
  const said = [];
  // That reading a canvas is slow is said of `inked`, not of the page.
  const matters = (message) => ["error", "warning"].includes(message.type()) && !message.text().startsWith("Canvas2D: Multiple readback");
  page.on("console", (message) => matters(message) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => allowed(request.url()) || said.push(`it fetches ${request.url()}`));
  return said;
};

/** The end of a test: what did not hold, and the exit status. */
export const conclude = (who) => {
  if (broken.length) {
    console.error(broken.map((what) => `- ${what}`).join("\n"));
    process.exit(1);
  }
  console.log(`${who}: ${checks} checks hold`);
};
