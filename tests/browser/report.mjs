// The report in a real browser: node report.mjs CHROMIUM SCREENSHOTS RESULTS... where each RESULTS is a folder with
// report.html and summary.json. Says every promise that does not hold, and ends with status 1 if there is one.
import { readFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { accessible, compareNumbers, conclude, hold, inked, listen, pinch, soon } from "./checks.mjs";

const [executablePath, screenshots, ...folders] = process.argv.slice(2);
const look = async (browser, folder) => {
  const name = path.basename(folder);
  const summary = JSON.parse(await readFile(path.join(folder, "summary.json"), "utf8"));
  const url = pathToFileURL(path.resolve(folder, "report.html")).href;
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  const said = listen(page, (asked) => asked === url || asked.startsWith("data:"));
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
  await soon(async () => (await lines()).every((count) => count === 0), `${name}: the first policy cannot be switched off`);
  await boxes.first().check();
  await soon(async () => JSON.stringify(await lines()) === JSON.stringify(before), `${name}: the first policy does not come back`);

  // Hovering shows values, dragging zooms all charts of the clock, the button gives the whole clock back.
  const queue = page.locator('.page:not([hidden]) figure[data-chart="queue"]');
  await queue.scrollIntoViewIfNeeded();
  const over = await queue.locator(".u-over").boundingBox();
  await page.mouse.move(over.x + over.width / 2, over.y + over.height / 2);
  await soon(async () => (await queue.locator(".readout").textContent()).includes(names[0]), `${name}: hovering shows no values`);
  const ranges = () => page.evaluate(() => plots.filter((c) => c.overClock).map((c) => c.plot.scales.x.max - c.plot.scales.x.min));
  const whole = await ranges();
  await page.mouse.down();
  await page.mouse.move(over.x + over.width * 0.75, over.y + over.height / 2, { steps: 4 });
  await page.mouse.up();
  await soon(async () => (await ranges()).every((range, i) => Math.abs(range / whole[i] - 0.25) < 0.03),
    async () => `${name}: dragging does not zoom all charts: ${await ranges()} of ${whole}`);
  await page.locator(".page:not([hidden]) .reset").click();
  await soon(async () => (await ranges()).every((range, i) => Math.abs(range - whole[i]) < 1e-6 * whole[i]), `${name}: no way back from the zoom`);

  // By touch: two fingers spread, and the buttons.
  await pinch(page, queue.locator(".u-over"), 2);
  await soon(async () => (await ranges()).every((range, i) => Math.abs(range / whole[i] - 0.5) < 0.05),
    async () => `${name}: two fingers do not zoom: ${await ranges()} of ${whole}`);
  await page.locator(".page:not([hidden]) .farther").click();
  await soon(async () => (await ranges()).every((range, i) => range > whole[i] * 0.9), `${name}: minus does not zoom out`);
  await page.locator(".page:not([hidden]) .nearer").click();
  await soon(async () => (await ranges()).every((range, i) => range < whole[i] * 0.6), `${name}: plus does not zoom in`);
  await page.locator(".page:not([hidden]) .reset").click();

  // By the keyboard.
  await queue.locator(".plot").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await soon(() => page.evaluate(() => plots[0].at === 1), `${name}: arrow keys do not move through a chart`);
  await page.keyboard.press("+");
  await soon(async () => (await ranges())[0] < whole[0] * 0.6, `${name}: plus does not zoom`);
  await page.keyboard.press("Escape");

  // The table behind a chart, and that of classes.
  await queue.locator("summary").click();
  await soon(async () => (await queue.locator("tbody tr").count()) > 1, `${name}: no table behind the chart`);
  const select = page.locator(".page:not([hidden]) .scope select");
  if (await select.isVisible()) {
    const asked = () => page.evaluate(() => JSON.stringify(plots[2].shownLines.map((line) => line.values)));
    const total = await asked();
    await select.selectOption({ index: 1 });
    await soon(async () => (await asked()) !== total, `${name}: a class chosen shows the same as all`);
    await select.selectOption({ index: 0 });
  }
  await accessible(page, `${name}, light`);
  await queue.locator("summary").click();
  await page.locator(".page:not([hidden]) .all-parameters > summary").click();
  const rows = page.locator(".page:not([hidden]) .parameters tbody tr:visible");
  const all = await rows.count();
  await page.locator(".page:not([hidden]) .filter input").fill("/stations/");
  const filtered = async () => (await rows.count()) > 0 && (await rows.count()) < all;
  await soon(filtered, async () => `${name}: the filter shows ${await rows.count()} of ${all} parameters`);
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
  await soon(() => page.evaluate(() => document.documentElement.lang === "it"), `${name}: no Italian`);
  hold((await page.locator(".page:not([hidden]) h2").first().textContent()) === "La domanda", `${name}: the headings are not Italian`);
  await soon(async () => (await inked(page, ".page:not([hidden]) figure .u-wrap")).every((count) => count > 300), `${name}: a chart is empty in Italian`);
  await accessible(page, `${name}, Italian`);

  await page.locator('.page:not([hidden]) [data-theme-choice="auto"]').click();
  await page.locator('.page:not([hidden]) [data-language="en"]').click();
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await soon(async () => (await wide()) <= 0, async () => `${name}: on a telephone the page is ${await wide()} pixels too wide`);
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
conclude("the browser");
