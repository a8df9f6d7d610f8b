// The report in a real browser: node report.mjs CHROMIUM SCREENSHOTS RESULTS... where each RESULTS is a folder with
// report.html and summary.json. Says every promise that does not hold, and ends with status 1 if there is one.
import { readFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, screenshots, ...folders] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const broken = [];
let checks = 0;
const hold = (truth, what) => {
  checks += 1;
  if (!truth) broken.push(what);
};

const at = (json, pointer) =>
  pointer.split("/").slice(1).map((s) => s.replaceAll("~1", "/").replaceAll("~0", "~")).reduce((value, key) => value?.[key], json);

/** Numbers of the page against the summary: those it says it shows, and, of shares and counts, the digits that people read. */
const compareNumbers = async (page, summary, name) => {
  const marked = await page.$$eval("main:visible [data-p], .page:not([hidden]) [data-p]", (nodes) =>
    nodes.map((n) => ({ pointer: n.dataset.p, value: Number(n.dataset.v), unit: n.dataset.unit, text: n.textContent })));
  hold(marked.length >= 30, `${name}: only ${marked.length} numbers are marked`);
  for (const { pointer, value, unit, text } of marked) {
    hold(at(summary, pointer) === value, `${name}: ${pointer} is ${at(summary, pointer)}, the page has ${value}`);
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

const accessible = async (page, name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const v of violations) broken.push(`${name}: axe: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  checks += 1;
};

/** Pixels of the chart's canvas that are not empty. */
const inked = (page, selector) =>
  page.$$eval(selector, (nodes) => nodes.map((node) => {
    const canvas = node.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count += 1;
    return count;
  }));

const look = async (browser, folder) => {
  const name = path.basename(folder);
  const summary = JSON.parse(await readFile(path.join(folder, "summary.json"), "utf8"));
  const url = pathToFileURL(path.resolve(folder, "report.html")).href;
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => request.url() !== url && !request.url().startsWith("data:") && said.push(`it fetches ${request.url()}`));
  await page.goto(url);
  const shots = (kind) => path.join(screenshots, `${name}-${kind}.png`);

  const marked = await compareNumbers(page, summary, name);
  const names = Object.keys(summary.policies);
  const boxes = page.locator(".page:not([hidden]) .policies input");
  hold((await boxes.count()) === names.length, `${name}: a switch for every policy`);
  const charts = await inked(page, ".page:not([hidden]) figure .u-wrap");
  hold(charts.length >= 5, `${name}: only ${charts.length} charts`);
  hold(charts.every((count) => count > 300), `${name}: a chart is empty: ${charts}`);
  const data = await page.evaluate(() => plots.map((chart) => chart.shownLines.map((line) => line.values.filter((v) => v != null).length)));
  hold(data.flat().length > 0, `${name}: charts have no lines`);

  // A policy off: its lines go, and come back.
  const lines = () => page.evaluate(() => plots.map((chart) => chart.shownLines.filter((line) => line.policy === 0).length));
  const before = await lines();
  await boxes.first().uncheck();
  hold((await lines()).every((count) => count === 0), `${name}: the first policy cannot be switched off`);
  await boxes.first().check();
  hold(JSON.stringify(await lines()) === JSON.stringify(before), `${name}: the first policy does not come back`);

  // Hovering shows values, dragging zooms all charts of the clock, the button gives the whole clock back.
  const queue = page.locator('.page:not([hidden]) figure[data-chart="queue"]');
  await queue.scrollIntoViewIfNeeded();
  const over = await queue.locator(".u-over").boundingBox();
  await page.mouse.move(over.x + over.width / 2, over.y + over.height / 2);
  hold((await queue.locator(".readout").textContent()).includes(names[0]), `${name}: hovering shows no values`);
  const ranges = () => page.evaluate(() => plots.filter((c) => c.overClock).map((c) => c.plot.scales.x.max - c.plot.scales.x.min));
  const whole = await ranges();
  await page.mouse.down();
  await page.mouse.move(over.x + over.width * 0.75, over.y + over.height / 2, { steps: 4 });
  await page.mouse.up();
  const zoomed = await ranges();
  hold(zoomed.every((range, i) => Math.abs(range / whole[i] - 0.25) < 0.03), `${name}: dragging does not zoom all charts: ${zoomed} of ${whole}`);
  await page.locator(".page:not([hidden]) .reset").click();
  hold((await ranges()).every((range, i) => Math.abs(range - whole[i]) < 1e-6 * whole[i]), `${name}: no way back from the zoom`);

  // By the keyboard.
  await queue.locator(".plot").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  hold((await page.evaluate(() => plots[0].at)) === 1, `${name}: arrow keys do not move through a chart`);
  await page.keyboard.press("+");
  hold((await ranges())[0] < whole[0] * 0.6, `${name}: plus does not zoom`);
  await page.keyboard.press("Escape");

  // The table behind a chart, and that of classes.
  await queue.locator("summary").click();
  hold((await queue.locator("tbody tr").count()) > 1, `${name}: no table behind the chart`);
  const select = page.locator(".page:not([hidden]) .scope select");
  if (await select.isVisible()) {
    const asked = () => page.evaluate(() => JSON.stringify(plots[2].shownLines.map((line) => line.values)));
    const total = await asked();
    await select.selectOption({ index: 1 });
    hold((await asked()) !== total, `${name}: a class chosen shows the same as all`);
    await select.selectOption({ index: 0 });
  }
  await accessible(page, `${name}, light`);
  await queue.locator("summary").click();
  await page.locator(".page:not([hidden]) .all-parameters > summary").click();
  const rows = page.locator(".page:not([hidden]) .parameters tbody tr:visible");
  const all = await rows.count();
  await page.locator(".page:not([hidden]) .filter input").fill("/stations/");
  const some = await rows.count();
  hold(some > 0 && some < all, `${name}: the filter shows ${some} of ${all} parameters`);
  await page.locator(".page:not([hidden]) .filter input").fill("");
  await accessible(page, `${name}, with every parameter`);
  await page.locator(".page:not([hidden]) .all-parameters > summary").click();
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: shots("light"), fullPage: true });

  await page.locator('.page:not([hidden]) [data-theme-choice="dark"]').click();
  await accessible(page, `${name}, dark`);
  await page.screenshot({ path: shots("dark"), fullPage: true });
  await page.locator('.page:not([hidden]) [data-language="it"]').click();
  hold((await page.evaluate(() => document.documentElement.lang)) === "it", `${name}: no Italian`);
  hold((await page.locator(".page:not([hidden]) h2").first().textContent()) === "La domanda", `${name}: the headings are not Italian`);
  hold((await inked(page, ".page:not([hidden]) figure .u-wrap")).every((count) => count > 300), `${name}: a chart is empty in Italian`);
  await accessible(page, `${name}, Italian`);

  await page.locator('.page:not([hidden]) [data-theme-choice="auto"]').click();
  await page.locator('.page:not([hidden]) [data-language="en"]').click();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(300);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  hold(wide <= 0, `${name}: on a telephone the page is ${wide} pixels too wide`);
  await accessible(page, `${name}, telephone`);
  await page.screenshot({ path: shots("phone"), fullPage: true });

  await page.setViewportSize({ width: 1000, height: 1400 });
  await page.pdf({ path: path.join(screenshots, `${name}.pdf`), format: "A4", printBackground: true });
  hold(said.length === 0, `${name}: the console says: ${said.join("; ")}`);
  const took = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domComplete);
  console.log(`${name}: ${marked} numbers, ${charts.length} charts, loaded in ${Math.round(took)} ms`);
  await context.close();
};

await mkdir(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  for (const folder of folders) await look(browser, folder);
} finally {
  await browser.close();
}
if (broken.length) {
  console.error(broken.map((what) => `- ${what}`).join("\n"));
  process.exit(1);
}
console.log(`the browser: ${checks} checks hold`);
