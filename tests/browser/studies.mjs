// The pages of sweeps and plans in a real browser: node studies.mjs CHROMIUM SCREENSHOTS RESULTS... where each RESULTS is a folder
// with report.html and the files of a sweep or a plan. Says every promise that does not hold, and ends with status 1 if there is one.
import { mkdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { accessible, compareNumbers, conclude, hold, inked, listen, soon } from "./checks.mjs";

const [executablePath, screenshots, ...folders] = process.argv.slice(2);

/** The rows of a CSV file whose cells may be quoted, as objects; what reads as a number is one. */
const csv = async (file) => {
  const text = await readFile(file, "utf8");
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  const [head, ...cells] = rows;
  return cells.map((values) => Object.fromEntries(head.map((name, i) => [name, values[i] === "" || Number.isNaN(Number(values[i])) ? values[i] : Number(values[i])])));
};

/** What the numbers of a page are held against. */
const files = async (folder) => {
  const json = async (name) => JSON.parse(await readFile(path.join(folder, name), "utf8"));
  if (existsSync(path.join(folder, "plan.json"))) return { kind: "plan", file: await json("plan.json") };
  const sensitivity = existsSync(path.join(folder, "sensitivity.csv")) ? await csv(path.join(folder, "sensitivity.csv")) : [];
  return { kind: "sweep", file: { sweep: await json("sweep.json"), results: await csv(path.join(folder, "results.csv")), sensitivity } };
};

const here = (page, selector) => page.locator(`.page:not([hidden]) ${selector}`);
const drawn = (page) => inked(page, ".page:not([hidden]) .study-charts .u-wrap");

/** The table of cells: sorted by its headings, narrowed by the filter, and of another figure. */
const tableOfCells = async (page, name, file) => {
  const column = async (i) => (await here(page, `.cells-table tbody tr > :nth-child(${i})`).allTextContents());
  const last = file.sweep.parameters.length + (file.sweep.cost.length ? 1 : 0) + 1;
  const means = () => page.$$eval(".page:not([hidden]) .cells-table tbody tr", (rows) => rows.map((row) => Number(row.querySelector("[data-v]")?.dataset.v)));
  const all = await column(1);
  hold(all.length > 1, `${name}: the table has ${all.length} rows`);
  await here(page, "button.sort").nth(last - 1).click();
  const rising = (await means()).filter((value) => !Number.isNaN(value));
  hold(rising.every((value, i) => i === 0 || rising[i - 1] <= value), `${name}: sorted, the first policy goes ${rising}`);
  hold((await here(page, "th[aria-sort='ascending']").count()) === 1, `${name}: no heading says that it sorts`);
  await page.keyboard.press("Enter");
  const falling = (await means()).filter((value) => !Number.isNaN(value));
  hold(falling.every((value, i) => i === 0 || falling[i - 1] >= value), `${name}: sorted again by the keyboard, it goes ${falling}`);
  const wanted = `${file.sweep.parameters[0].pointer} = ${all[0]}`;
  await here(page, ".filter input").fill(wanted);
  const left = await column(1);
  hold(left.length > 0 && left.length < all.length && left.every((text) => text.startsWith(all[0])), `${name}: filtered by ${wanted}, ${left} are left`);
  await here(page, ".filter input").fill("");
  if (await here(page, ".only-met").isVisible()) {
    await here(page, ".only-met input").check();
    const met = await here(page, ".cells-table tbody tr").count();
    const meant = await page.$$eval(".page:not([hidden]) .cells-table tbody tr", (rows) => rows.filter((row) => row.textContent.includes("✓")).length);
    hold(met === meant && met < all.length, `${name}: ${met} rows are left where the goal is met, of which ${meant} say so`);
    await here(page, ".only-met input").uncheck();
  }
  const before = await column(last);
  await here(page, ".figures select").selectOption({ index: 1 });
  await soon(async () => JSON.stringify(await column(last)) !== JSON.stringify(before), `${name}: another figure shows the same`);
  await compareNumbers(page, file, `${name}, another figure`, 1);
  await here(page, ".figures select").selectOption({ index: 0 });
};

const look = async (browser, folder) => {
  const name = path.basename(folder);
  const { kind, file } = await files(folder);
  const url = pathToFileURL(path.resolve(folder, "report.html")).href;
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  const said = listen(page, (asked) => asked === url || asked.startsWith("data:"));
  await page.goto(url);
  const shot = (view) => page.screenshot({ path: path.join(screenshots, `${name}-${view}.png`), fullPage: true });

  const marked = await compareNumbers(page, file, name, 10);
  const shownOf = async () => (await here(page, ".study-charts figure").count()) > 0 && (await drawn(page)).every((count) => count > 200);
  await soon(shownOf, async () => `${name}: charts are empty: ${await drawn(page)}`);
  const policies = kind === "plan" ? Object.keys(file.policies) : file.sweep.policies;
  const boxes = here(page, ".policies input");
  hold((await boxes.count()) === policies.length, `${name}: a switch for every policy`);

  // A policy off, and on again: lines, maps and columns go and come back.
  const shown = () => page.evaluate(() => [plots.flatMap((chart) => chart.shownLines.map((line) => line.label)), document.querySelectorAll(".study-charts figure").length].join());
  const before = await shown();
  await boxes.first().uncheck();
  await soon(async () => (await shown()) !== before, `${name}: the first policy cannot be switched off`);
  await here(page, ".policies input").first().check();
  await soon(async () => (await shown()) === before, `${name}: the first policy does not come back`);

  // A chart by the keyboard, and the table behind it.
  const chart = here(page, "figure:has(.plot)").first();
  if (await chart.count()) {
    await chart.locator(".plot").focus();
    await page.keyboard.press("ArrowRight");
    await soon(async () => /\d/.test(await chart.locator(".readout").textContent()), `${name}: arrow keys show no values`);
    await chart.locator("summary").click();
    await soon(async () => (await chart.locator("tbody tr").count()) > 1, `${name}: no table behind the chart`);
    await accessible(page, `${name}, with a table`);
    await chart.locator("summary").click();
  }
  if (kind === "sweep") await tableOfCells(page, name, file);
  await accessible(page, `${name}, light`);
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await shot("light");

  await here(page, '[data-theme-choice="dark"]').click();
  await accessible(page, `${name}, dark`);
  await shot("dark");
  await here(page, '[data-language="it"]').click();
  await soon(async () => (await here(page, "h2").first().textContent()) === "La domanda", `${name}: no Italian`);
  await soon(shownOf, `${name}: a chart is empty in Italian`);
  await accessible(page, `${name}, Italian`);
  await shot("italian");
  await here(page, '[data-theme-choice="auto"]').click();
  await here(page, '[data-language="en"]').click();
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await soon(async () => (await wide()) <= 0, async () => `${name}: on a telephone the page is ${await wide()} pixels too wide`);
  await accessible(page, `${name}, telephone`);
  await shot("phone");
  await page.setViewportSize({ width: 1000, height: 1400 });
  await page.pdf({ path: path.join(screenshots, `${name}.pdf`), format: "A4", printBackground: true });
  hold(said.length === 0, `${name}: the console says: ${said.join("; ")}`);
  console.log(`${name}: ${marked} numbers, ${(await drawn(page)).length} charts`);
  await context.close();
};

await mkdir(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  for (const folder of folders) await look(browser, folder);
} finally {
  await browser.close();
}
conclude("the pages of sweeps and plans");
