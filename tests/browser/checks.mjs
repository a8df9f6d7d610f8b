// What both browser tests use: promises that are counted, axe-core, and how much ink a chart has.
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
