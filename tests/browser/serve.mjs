// The live page in a real browser: node serve.mjs CHROMIUM SCREENSHOTS URL KIND, where KIND is what is tried: `levers` (each of
// them, and a full run), `long` (a full run is stopped) or `hostile` (names only). Says every promise that does not hold, and
// ends with status 1 if there is one.
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";
import { accessible, conclude, hold, inked, listen, soon } from "./checks.mjs";

const [executablePath, screenshots, url, kind] = process.argv.slice(2);
const shot = (page, view) => page.screenshot({ path: path.join(screenshots, `serve-${kind}-${view}.png`), fullPage: view === "phone" });
/** Until nothing runs and a result is shown; its number of seconds and the shares of its cards. */
const settled = async (page) => {
  await page.waitForFunction(() => state.result && !state.running && !state.wanted, null, { timeout: 120_000 });
  return page.$$eval("#cards .big", (nodes) => nodes.map((node) => node.textContent));
};
/** What a lever does: the run that follows it is another one. */
const after = async (page, move) => {
  await page.evaluate(() => (window.before = state.result));
  await move();
  await page.waitForFunction(() => state.result !== window.before || state.mistakes.length, null, { timeout: 120_000 });
  return settled(page);
};

const look = async (page) => {
  const said = listen(page, (asked) => asked.startsWith(url) || /^(data|blob):/.test(asked));
  await page.goto(url);
  const first = await settled(page);
  hold(first.length > 0 && first.every((share) => /\d/.test(share)), `cards show ${first}`);
  const drawn = () => inked(page, "#charts .u-wrap");
  await soon(async () => (await drawn()).length === 5 && (await drawn()).every((count) => count > 300), async () => `charts are empty: ${await drawn()}`);
  await accessible(page, "light");
  await shot(page, "light");
  return { said, first };
};

const levers = async (page, first) => {
  // Fewer workers by the slider, with the keyboard: fewer people get through; and back.
  const workers = page.locator('[data-pointer$="/workers"]').first();
  const fewer = await after(page, async () => {
    await workers.locator('input[type="number"]').fill("1");
    await workers.locator('input[type="number"]').press("Tab");
  });
  hold(Number.parseFloat(fewer[0]) < Number.parseFloat(first[0]) - 5, `with one worker ${fewer} got through, with all ${first}`);
  await soon(async () => (await page.locator("#cards .was").count()) > first.length, "the file's figures are not beside the new ones");
  await workers.locator('input[type="range"]').focus();
  const more = await after(page, () => page.keyboard.press("End"));
  hold(Number.parseFloat(more[0]) >= Number.parseFloat(fewer[0]), `with ten times the workers ${more} got through`);
  const same = await after(page, () => workers.locator(".back").click());
  hold(JSON.stringify(same) === JSON.stringify(first), `back at the file's value ${same} got through, before ${first}`);

  // A window dragged, moved by the keyboard, added and removed.
  const row = page.locator('[data-pointer*="/windows/open/"]').first();
  await row.scrollIntoViewIfNeeded();
  const edge = row.locator(".edge").last();
  const box = await edge.boundingBox();
  const day = await row.locator(".day").boundingBox();
  const times = () => row.locator(".times button").first().textContent();
  const before = await times();
  await after(page, async () => {
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + day.width / 12, box.y + box.height / 2, { steps: 8 });
    await page.mouse.up();
  });
  hold(before.includes("08:00–16:00"), `the window is ${before} at first`);
  await soon(async () => (await times()).includes("08:00–18:00"), async () => `dragged two hours to the right, ${before} is ${await times()}`);
  await after(page, async () => {
    await row.locator(".edge").last().focus();
    await page.keyboard.press("ArrowLeft");
  });
  await soon(async () => (await times()).includes("08:00–17:45"), async () => `the arrow key makes ${await times()}`);
  await after(page, () => row.locator(".times button").last().click());
  await soon(async () => (await row.locator(".edge").count()) === 4, "no window was added");
  await after(page, () => row.locator(".times button").nth(1).click());
  const piece = await row.locator(".piece").first().boundingBox();
  await after(page, async () => {
    await page.mouse.move(piece.x + piece.width / 2, piece.y + piece.height / 2);
    await page.mouse.down();
    await page.mouse.move(piece.x + piece.width / 2 - day.width / 24, piece.y + piece.height / 2, { steps: 5 });
    await page.mouse.up();
  });
  await soon(async () => (await times()).includes("07:00–16:45"), async () => `the whole window moved an hour is ${await times()}`);
  await row.scrollIntoViewIfNeeded();
  await shot(page, "dragged");

  // A rule off, a waiting room on, which has its charts.
  hold(await page.locator("#charts .of-rooms").evaluateAll((all) => all.every((figure) => figure.hidden)), "charts of rooms where there is none");
  await after(page, () => page.locator('[data-pointer$="/rules/0"] input').first().click());
  const open = page.locator('[data-pointer="/policies/open/rules/-"]');
  await page.locator("details.owner", { has: open }).evaluate((node) => (node.open = true));
  await after(page, () => open.locator('input[type="checkbox"]').click());
  await soon(() => open.locator('input[type="range"]').isVisible(), "the waiting room has no rate");
  hold((await page.evaluate(() => state.mistakes.length)) === 0, "the waiting room is a mistake");
  await soon(() => page.locator('figure[data-chart="room"] canvas').isVisible(), "the waiting room has no chart");
  const called = await page.evaluate(() => plots.find((chart) => chart.figure.dataset.chart === "admitted").shownLines.map((line) => Math.max(...line.values)));
  hold(called.length === 1 && called[0] > 0, `the chart of those called in shows ${called}`);
  await page.locator('figure[data-chart="room"]').scrollIntoViewIfNeeded();
  await shot(page, "room");

  // What is wrong is told.
  const timeout = page.locator('[data-pointer$="/timeout"]').first();
  await timeout.locator('input[type="text"]').fill("soon");
  await timeout.locator('input[type="text"]').press("Tab");
  await soon(async () => (await timeout.locator('input[type="text"]').getAttribute("aria-invalid")) === "true", "a wrong duration is not marked");
  await timeout.locator('input[type="text"]').fill("60s");
  await timeout.locator('input[type="text"]').press("Tab");

  // The file.
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
  const file = JSON.parse(await readFile(await download.path(), "utf8"));
  hold(file.policies["time-split"].rules.length === 0 && file.policies.open.rules[0].waiting_room.per_minute > 0, "the scenario has not the levers' values");
  if (await page.locator("#save").isVisible()) {
    // What was saved stays told while runs end, until a lever moves.
    const told = async () => (await page.locator("#status").textContent()).includes(".json");
    await page.locator("#save").click();
    await soon(told, "the name of the saved file is not told");
    await page.evaluate(() => run(false));
    await settled(page);
    hold(await told(), "the name of the saved file is gone when a run ends");
  }
  await after(page, () => page.locator("#reset").click());
  await soon(() => page.evaluate(() => changes.size === 0), "not all levers went back");
  await soon(async () => !(await page.locator('figure[data-chart="room"]').isVisible()), "the chart of rooms stayed");
};

/** A full run that would take a minute, stopped. */
const cancelled = async (page) => {
  await page.locator("#full").click();
  await page.waitForFunction(() => state.running && state.running.share !== null);
  await page.locator("#cancel").click();
  await page.waitForFunction(() => !state.running);
  await soon(async () => (await page.locator("#status").textContent()).startsWith("Cancelled"), "the full run was not cancelled");
};

const fullRun = async (page) => {
  await page.locator("#full").click();
  await settled(page);
  const [opened] = await Promise.all([page.waitForEvent("popup"), page.locator("#report").click()]);
  await opened.waitForLoadState();
  await soon(async () => (await opened.locator(".page:not([hidden]) figure .u-wrap").count()) >= 5, "the report of the full run has no charts");
  await opened.close();
};

await mkdir(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ viewport: { width: 1360, height: 940 }, colorScheme: "light", acceptDownloads: true });
  const page = await context.newPage();
  const { said, first } = await look(page);
  if (kind === "levers") {
    await levers(page, first);
    await fullRun(page);
  }
  if (kind === "long") await cancelled(page);
  await page.locator('[data-theme-choice="dark"]').click();
  await accessible(page, "dark");
  await shot(page, "dark");
  await page.locator('[data-language="it"]').click();
  await soon(async () => (await page.locator("#full").textContent()) === "Simula a grandezza piena", "no Italian");
  await accessible(page, "Italian");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('[data-theme-choice="auto"]').click();
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await soon(async () => (await wide()) <= 0, async () => `on a telephone the page is ${await wide()} pixels too wide`);
  await accessible(page, "telephone");
  await shot(page, "phone");
  hold(said.length === 0, `the console says: ${said.join("; ")}`);
} finally {
  await browser.close();
}
conclude("the live page");
