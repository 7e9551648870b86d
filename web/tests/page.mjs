// The page in a real browser, against whatever serves it.
//
//   node tests/page.mjs http://localhost:8787 [--screenshots DIR]
//
// SCOUT_CHROMIUM names the browser; without it /usr/bin/chromium is used. SCOUT_UPSTREAM is where the fake platforms
// are, if the page is served over some. Prints what it checked and ends with 0 only if all of it holds.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { chromium } from "playwright-core";

const [base, flag, screenshots] = process.argv.slice(2);
if (base === undefined || (flag !== undefined && (flag !== "--screenshots" || screenshots === undefined))) {
  console.error("page: what to test is missing\nhint: node tests/page.mjs http://localhost:8787 [--screenshots DIR]");
  process.exit(2);
}

const TARGET = 60;
const JOB_MS_MAX = 90_000;
const FINAL = ["completed", "partial", "error", "cancelled"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

let passed = 0;

/** Runs one check and says so. */
async function check(sentence, body) {
  try {
    const value = await body();
    passed += 1;
    console.log(`  ok  ${sentence}`);
    return value;
  } catch (error) {
    console.error(`FAIL  ${sentence}\n${error.message}`);
    throw error;
  }
}

/** A tab that notes what went wrong in it. `expected` are refusals that the check itself provokes. */
async function open(context, expected = []) {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const wrongs = [];
  page.on("pageerror", (error) => wrongs.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    const provoked = expected.some((status) => message.text().includes(`status of ${status}`));
    if (message.type() === "error" && !provoked) wrongs.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(base).origin) wrongs.push(`request to another host: ${request.url()}`);
  });
  return { page, wrongs };
}

/**
 * Sets the faults of the fake platforms, where the page is served over some. A search whose profiles can't be
 * read tries again for some seconds before it ends, which is longer than a page takes to show what was found.
 */
async function faults(rates) {
  if (process.env.SCOUT_UPSTREAM === undefined) return;
  const answer = await fetch(new URL("/_scout/faults", process.env.SCOUT_UPSTREAM), { method: "PUT", body: JSON.stringify(rates) });
  assert.ok(answer.ok, `the fake platforms refuse the faults: ${answer.status}`);
}

/** Notes in the document whether creators were ever shown while the search was still going on. */
function watchForEarlyCreators(final) {
  const look = () => {
    const status = document.querySelector("[data-status]")?.getAttribute("data-status");
    if (status && !final.includes(status) && document.querySelector("[data-part=creator]")) window.seenEarly = true;
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
}

/** Scrolls through the whole table, since only rows in view are in the document, until `seen` says that it is enough. */
async function scrollThrough(page, seen) {
  await page.evaluate(() => scrollTo(0, 0));
  for (let steps = 0; steps < 400; steps += 1) {
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    if (await seen()) return;
    const more = await page.evaluate(() => {
      const before = scrollY;
      scrollBy(0, innerHeight);
      return scrollY > before;
    });
    if (!more) return;
  }
  throw new Error("the table has no end");
}

/** Every creator's text by key. */
async function allRows(page) {
  const texts = new Map();
  await scrollThrough(page, async () => {
    const drawn = await page.locator("[data-part=creator]").evaluateAll((rows) => rows.map((row) => [row.dataset.key, row.innerText]));
    for (const [key, text] of drawn) texts.set(key, text);
    return false;
  });
  return texts;
}

async function fillForm(page, keywords, target) {
  await page.locator("input[name=platform]:enabled").first().check();
  await page.locator("#keyword").click();
  for (const keyword of keywords) {
    await page.keyboard.type(keyword);
    await page.keyboard.press("Enter");
  }
  await page.getByText("Other", { exact: true }).click();
  await page.getByLabel(/Number of creators/u).fill(String(target));
}

async function picture(page, name) {
  if (screenshots === undefined) return;
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

async function aWholeSearch(context) {
  const { page, wrongs } = await open(context, [422]);
  await page.addInitScript(watchForEarlyCreators, FINAL);
  await check("the form opens with a platform that is ready", async () => {
    await page.goto(base);
    await page.locator("input[name=platform]:checked:enabled").waitFor();
    await picture(page, "form-light");
  });
  await check("keywords become chips by Enter and by pasted lists, twins once, and go by keyboard", () => chips(page));
  await check("a target of 0 is refused beside its field, and nothing starts", async () => {
    await fillForm(page, ["fitness", "yoga"], 0);
    await page.getByRole("button", { name: "Start search" }).click();
    await page.locator("[data-field=targetResults] .wrong").first().waitFor();
    assert.equal(await page.locator("[data-field=keywords] .wrong").count(), 0, "only the wrong field says so");
    assert.equal(new URL(page.url()).hash.includes("/jobs/"), false);
    await picture(page, "form-refused");
  });
  await check("the corrected form starts a search, which has an address of its own", async () => {
    await page.getByLabel(/Number of creators/u).fill(String(TARGET));
    await faults({ "profiles:unavailable": 1 });
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/jobs\/.+/u);
  });
  await page.locator("[data-part=creator]").first().waitFor({ timeout: JOB_MS_MAX });
  await faults({});
  await picture(page, "running-light");
  await check("the search completes, and says so", async () => {
    await page.locator("[data-part=ending]").waitFor({ timeout: JOB_MS_MAX });
    assert.equal(await page.locator("[data-status]").getAttribute("data-status"), "completed");
    assert.match(await page.locator("[data-part=ending]").innerText(), new RegExp(`All ${TARGET} creators found`, "u"));
    assert.equal(await page.getByRole("progressbar").getAttribute("value"), "100");
  });
  await check("creators were shown before the end", async () => assert.equal(await page.evaluate(() => window.seenEarly), true));
  await check("each keyword has its outcome", () => outcomes(page));
  const rows = await check(`there are exactly ${TARGET} creators, no two alike`, () => countedRows(page));
  await picture(page, "completed-light");
  await check("no profile is left as not read yet", () => assert.deepEqual([...rows.values()].filter((text) => text.includes("not read yet")), []));
  await check("an e-mail address is copied by one press", () => copying(page));
  await check("links to profiles tell the other side nothing", () => safeLinks(page));
  await check("a reload shows the same result", async () => {
    await page.reload();
    await page.locator("[data-part=ending]").waitFor();
    assert.deepEqual(await countedRows(page), rows);
  });
  await check("the browser had nothing to complain of, and no other host was asked", async () => assert.deepEqual(wrongs, []));
  return page;
}

async function chips(page) {
  const chip = page.getByRole("list", { name: "Keywords chosen" }).getByRole("listitem");
  await page.locator("#keyword").click();
  await page.keyboard.type("first");
  await page.keyboard.press("Enter");
  await page.locator("#keyword").evaluate((input) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", "second,  THIRD \nsecond");
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  assert.equal(await chip.count(), 3);
  // Once to reach the last chip, then once for each.
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press("Backspace");
  assert.equal(await chip.count(), 0);
}

async function outcomes(page) {
  const more = page.getByRole("button", { name: /^Show all/u });
  if (await more.isVisible()) await more.click();
  const lines = await page.locator("[data-part=keyword]").allInnerTexts();
  assert.ok(lines.some((line) => line.includes("fitness")) && lines.some((line) => line.includes("yoga")), `given keywords are listed: ${lines}`);
  for (const line of lines) assert.match(line, /\d+ found|nothing found|failed: |skipped: /u);
}

/** The creators' texts by key, after all the places that count them agree. */
async function countedRows(page) {
  const rows = await allRows(page);
  await page.evaluate(() => scrollTo(0, 0));
  assert.equal(rows.size, TARGET);
  assert.equal(await page.locator("[data-part=count]").innerText(), `${TARGET} creators`);
  assert.equal(await page.getByRole("table").getAttribute("aria-rowcount"), String(TARGET + 1));
  return rows;
}

async function copying(page) {
  const button = page.getByRole("button", { name: /^Copy .+@/u }).first();
  // Most creators give no address, so that the first one with any may be far down.
  await scrollThrough(page, async () => (await button.count()) > 0);
  const address = await button.innerText();
  await button.click();
  await page.getByText(`Copied ${address}`).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
}

async function safeLinks(page) {
  const links = await page.locator("[data-part=creator] a").evaluateAll((anchors) => anchors.map(({ rel, protocol }) => ({ rel, protocol })));
  for (const { rel, protocol } of links) {
    assert.equal(rel, "noopener noreferrer");
    assert.match(protocol, /^https?:$/u);
  }
}

async function troubles(context, jobUrl) {
  const { page } = await open(context);
  await check("a lost connection is said, and the page recovers by itself", async () => {
    await page.route("**/api/v2/status*", (route) => route.abort());
    await page.goto(jobUrl);
    await page.getByText("Connection lost, trying again").waitFor();
    await picture(page, "connection-lost");
    await page.unroute("**/api/v2/status*");
    await page.locator("[data-part=ending]").waitFor({ timeout: 30_000 });
    assert.equal(await page.getByText("Connection lost").count(), 0);
  });
  await check("an address of no search says so and leads back to the form", async () => {
    await page.goto(`${base}/#/jobs/there-is-none`);
    await page.getByText("There is no such search").waitFor();
    await page.getByRole("link", { name: "Start a new search" }).click();
    await page.getByRole("button", { name: "Start search" }).waitFor();
  });
  await page.close();
}

async function otherLooks(browser, jobUrl) {
  const dark = await browser.newContext({ colorScheme: "dark", viewport: { width: 1280, height: 900 } });
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  for (const [name, context] of [["dark", dark], ["phone", phone]]) {
    const { page, wrongs } = await open(context);
    await check(`nothing is wider than the view: ${name}`, async () => {
      await page.goto(base);
      await page.locator("input[name=platform]:checked").waitFor();
      await picture(page, `form-${name}`);
      await noSidewaysScroll(page);
      await page.goto(jobUrl);
      await page.locator("[data-part=ending]").waitFor();
      await picture(page, `completed-${name}`);
      await noSidewaysScroll(page);
      assert.deepEqual(wrongs, []);
    });
    if (screenshots !== undefined) {
      await page.locator("[data-part=creator]").nth(6).scrollIntoViewIfNeeded();
      await picture(page, `creators-${name}`);
    }
    await context.close();
  }
}

async function noSidewaysScroll(page) {
  const { content, view } = await page.evaluate(() => ({ content: document.documentElement.scrollWidth, view: document.documentElement.clientWidth }));
  assert.ok(content <= view, `the page is ${content} px wide in a view of ${view} px`);
}

const browser = await chromium.launch({ executablePath: process.env.SCOUT_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
try {
  const context = await browser.newContext({ colorScheme: "light", viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
  const page = await aWholeSearch(context);
  await troubles(context, page.url());
  await otherLooks(browser, page.url());
  console.log(`page: ${passed} checks passed`);
} catch (error) {
  console.error(`page: failed after ${passed} checks passed\n${error.stack}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
