// The live page in a real browser: node serve.mjs CHROMIUM SCREENSHOTS URL [hostile]. Says every promise that does not hold, and
// ends with status 1 if there is one.
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

const [executablePath, screenshots, url, hostile] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const broken = [];
let checks = 0;
const hold = (truth, what) => {
  checks += 1;
  if (!truth) broken.push(what);
};
const shot = (page, kind) => page.screenshot({ path: path.join(screenshots, `serve-${hostile ?? "page"}-${kind}.png`), fullPage: kind === "phone" });
const accessible = async (page, name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const v of violations) broken.push(`${name}: axe: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  checks += 1;
};
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
  const said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => request.url().startsWith(url) || /^(data|blob):/.test(request.url()) || said.push(`it fetches ${request.url()}`));
  await page.goto(url);
  const first = await settled(page);
  hold(first.length > 0 && first.every((share) => /\d/.test(share)), `cards show ${first}`);
  const inked = await page.$$eval("#charts .u-wrap canvas", (nodes) => nodes.map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count += 1;
    return count;
  }));
  hold(inked.length === 5 && inked.every((count) => count > 300), `charts are empty: ${inked}`);
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
  hold((await page.locator("#cards .was").count()) > first.length, "the file's figures are not beside the new ones");
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
  const dragged = await times();
  hold(before.includes("08:00–16:00") && dragged.includes("08:00–18:00"), `dragged two hours to the right, ${before} is ${dragged}`);
  await after(page, async () => {
    await row.locator(".edge").last().focus();
    await page.keyboard.press("ArrowLeft");
  });
  hold((await times()).includes("08:00–17:45"), `the arrow key makes ${await times()}`);
  await after(page, () => row.locator(".times button").last().click());
  hold((await row.locator(".edge").count()) === 4, "no window was added");
  await after(page, () => row.locator(".times button").nth(1).click());
  const piece = await row.locator(".piece").first().boundingBox();
  await after(page, async () => {
    await page.mouse.move(piece.x + piece.width / 2, piece.y + piece.height / 2);
    await page.mouse.down();
    await page.mouse.move(piece.x + piece.width / 2 - day.width / 24, piece.y + piece.height / 2, { steps: 5 });
    await page.mouse.up();
  });
  hold((await times()).includes("07:00–16:45"), `the whole window moved an hour is ${await times()}`);
  await row.scrollIntoViewIfNeeded();
  await shot(page, "dragged");

  // A rule off, a waiting room on.
  await after(page, () => page.locator('[data-pointer$="/rules/0"] input').first().click());
  const open = page.locator('[data-pointer="/policies/open/rules/-"]');
  await page.locator("details.owner", { has: open }).evaluate((node) => (node.open = true));
  await after(page, () => open.locator('input[type="checkbox"]').click());
  hold(await open.locator('input[type="range"]').isVisible(), "the waiting room has no rate");
  hold((await page.evaluate(() => state.mistakes.length)) === 0, "the waiting room is a mistake");

  // What is wrong is told.
  const timeout = page.locator('[data-pointer$="/timeout"]').first();
  await timeout.locator('input[type="text"]').fill("soon");
  await timeout.locator('input[type="text"]').press("Tab");
  hold((await timeout.locator('input[type="text"]').getAttribute("aria-invalid")) === "true", "a wrong duration is not marked");
  await timeout.locator('input[type="text"]').fill("60s");
  await timeout.locator('input[type="text"]').press("Tab");

  // The file.
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
  const file = JSON.parse(await readFile(await download.path(), "utf8"));
  hold(file.policies["time-split"].rules.length === 0 && file.policies.open.rules[0].waiting_room.per_minute > 0, "the scenario has not the levers' values");
  if (await page.locator("#save").isVisible()) {
    await page.locator("#save").click();
    await page.waitForFunction(() => document.getElementById("status").textContent.includes(".json"));
  }
  await after(page, () => page.locator("#reset").click());
  hold((await page.evaluate(() => changes.size)) === 0, "not all levers went back");
};

const fullRun = async (page) => {
  await page.locator("#full").click();
  await page.waitForFunction(() => state.running?.share !== null);
  await page.locator("#cancel").click();
  await page.waitForFunction(() => !state.running);
  hold((await page.locator("#status").textContent()).startsWith("Cancelled"), "the full run was not cancelled");
  await page.locator("#full").click();
  await settled(page);
  const [opened] = await Promise.all([page.waitForEvent("popup"), page.locator("#report").click()]);
  await opened.waitForLoadState();
  hold((await opened.locator(".page:not([hidden]) figure .u-wrap").count()) >= 5, "the report of the full run has no charts");
  await opened.close();
};

await mkdir(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ viewport: { width: 1360, height: 940 }, colorScheme: "light", acceptDownloads: true });
  const page = await context.newPage();
  const { said, first } = await look(page);
  if (!hostile) {
    await levers(page, first);
    await fullRun(page);
  }
  await page.locator('[data-theme-choice="dark"]').click();
  await accessible(page, "dark");
  await shot(page, "dark");
  await page.locator('[data-language="it"]').click();
  hold((await page.locator("#full").textContent()) === "Simula a grandezza piena", "no Italian");
  await accessible(page, "Italian");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('[data-theme-choice="auto"]').click();
  await page.waitForTimeout(300);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  hold(wide <= 0, `on a telephone the page is ${wide} pixels too wide`);
  await accessible(page, "telephone");
  await shot(page, "phone");
  hold(said.length === 0, `the console says: ${said.join("; ")}`);
} finally {
  await browser.close();
}
if (broken.length) {
  console.error(broken.map((what) => `- ${what}`).join("\n"));
  process.exit(1);
}
console.log(`the live page: ${checks} checks hold`);
