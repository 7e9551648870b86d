// A stand-in for the Worker while the page itself is worked on: serves the built page and plays jobs in the
// API's shapes. It searches nothing; whether the page works with Scout is for the end-to-end tests to say.
//
//   node tests/mock.mjs [--port 8787]              serve until interrupted
//   node tests/mock.mjs --run tests/page.mjs …     serve on a free port, run a script with the address, end with its code
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const PLATFORMS = [
  { platform: "demo", label: "Demo", version: "1.0.0", enrichment: { tag: "required", val: 10 }, reportsViews: true, ready: true, missingSecrets: [] },
  { platform: "second", label: "Second", version: "1.2.0", enrichment: { tag: "none" }, reportsViews: false, ready: true, missingSecrets: [] },
  { platform: "locked", label: "Locked", version: "0.3.0", enrichment: { tag: "none" }, reportsViews: false, ready: false, missingSecrets: ["LOCKED_API_KEY"] },
];
const FIRST = ["Mara", "Jonas", "Aiko", "Lucía", "Tomasz", "Priya", "Elif", "Noah", "Zanele", "Oskar", "Ingrid", "Rafael"];
const LAST = ["Vandermeer", "Okonkwo", "Lindqvist", "Takahashi", "Ferreira", "Novak", "Brightwater", "Esposito"];
const BIOS = [
  "Coach for people who hate gyms. Short routines, no equipment, new ones every Tuesday.",
  "🌿 Slow mornings, stretching and honest food. Collabs by mail only.",
  "Ex-rower turned trainer. I answer every question, sometimes late.",
  "Mother of two, teaching balance on a small mat in a small flat. Classes online and in person, for beginners and everyone who begins again.",
];

/** Milliseconds from dispatch to the first creator, and creators found in a second. */
const PACE = { quietMs: 400, perSecond: 45, enrichLagMs: 900 };
const jobs = new Map();

function dispatch(body) {
  const errors = faultsOf(body);
  if (errors.length > 0) return problem(422, "invalid_request", "Some fields can't be accepted.", errors);
  const id = `mock-${jobs.size + 1}`;
  jobs.set(id, { ...body, id, at: Date.now(), mode: body.keywords.includes("gaps") ? "gaps" : "plain" });
  return { status: 202, body: { jobId: id, keywords: body.keywords, targetResults: body.targetResults, platform: body.platform, status: "pending" } };
}

function faultsOf({ platform, keywords, targetResults }) {
  const errors = [];
  if (!PLATFORMS.some((each) => each.platform === platform)) errors.push({ pointer: "/platform", code: "unknown_platform", detail: "There is no such platform.", hint: "Use demo or second." });
  if (!Array.isArray(keywords) || keywords.length === 0) errors.push({ pointer: "/keywords", code: "too_few", detail: "There is no keyword.", hint: "Give at least one." });
  (keywords ?? []).forEach((keyword, index) => {
    if ([...keyword].length < 2) errors.push({ pointer: `/keywords/${index}`, code: "too_short", detail: `“${keyword}” has fewer than 2 characters.` });
  });
  if (!Number.isInteger(targetResults) || targetResults < 1 || targetResults > 5000) {
    errors.push({ pointer: "/targetResults", code: "out_of_range", detail: `${targetResults ?? "nothing"} is not a number of creators that can be asked for.`, hint: "Ask for 1 to 5000." });
  }
  return errors;
}

/** How far a job is, from nothing but the time that went by. */
function stateOf(job) {
  const ms = Date.now() - job.at;
  const reachable = job.mode === "gaps" ? Math.floor(job.targetResults * 0.7) : job.targetResults;
  const rate = Math.max(PACE.perSecond, reachable / 8);
  const found = Math.max(0, Math.min(reachable, Math.floor(((ms - PACE.quietMs) / 1000) * rate)));
  const enriched = Math.max(0, Math.min(reachable, Math.floor(((ms - PACE.quietMs - PACE.enrichLagMs) / 1000) * rate)));
  const final = enriched === reachable;
  const status = final ? (job.mode === "gaps" ? "partial" : "completed") : ms < 200 ? "pending" : ms < 400 ? "dispatching" : found < reachable ? "searching" : "enriching";
  return { ms, reachable, found, enriched, status, percent: final ? 100 : Math.min(99, Math.floor((100 * (found + enriched)) / (2 * reachable))) };
}

function keywordsOf(job) {
  const { found, reachable } = stateOf(job);
  const all = job.keywords.map((keyword) => ({ keyword, origin: { kind: "given" } }));
  if (job.enableExpansion) job.keywords.forEach((from) => ["for beginners", "at home", "coach"].forEach((more) => all.push({ keyword: `${from} ${more}`, origin: { kind: "derived", from } })));
  const share = Math.ceil(reachable / all.length);
  return all.map((keyword, index) => {
    const mine = Math.max(0, Math.min(share, found - index * share));
    const ended = found === reachable || mine === share;
    const outcome = !ended ? null : job.mode === "gaps" && index % 4 === 3 ? { kind: "failed", reason: "rate_limited", detail: "429 five times" } : mine === 0 ? { kind: "empty" } : { kind: "ok", creators: mine };
    return { ...keyword, state: ended ? "done" : mine > 0 ? "searching" : "waiting", outcome, found: mine };
  });
}

function recordOf(job, seq, enriched) {
  const name = `${FIRST[seq % FIRST.length]} ${LAST[(seq * 5) % LAST.length]}`;
  const username = `${name.normalize("NFD").replace(/[^a-z]/gi, "").toLowerCase()}${seq}`;
  const open = seq >= enriched;
  const failed = !open && job.mode === "gaps" && seq % 17 === 5;
  return {
    platform: "Demo", id: `post-${seq}`, mergeKey: `demo:${seq}`, keyword: job.keywords[seq % job.keywords.length],
    creator: {
      username, name: seq % 9 === 4 ? null : name, verified: seq % 7 === 0, profileUrl: `https://demo.test/@${username}`,
      avatarUrl: null, links: [],
      followers: open || failed ? null : ((seq + 3) * 7919) % 480_000, bio: open || failed ? null : BIOS[seq % BIOS.length],
      emails: open || failed || seq % 3 !== 0 ? [] : seq % 2 ? [`${username}@mail.test`] : [`hello@${username}.test`, `booking@${username}.test`],
    },
    content: null, hashtags: [], sequence: seq, bioEnriched: !open && !failed, enrichment: open ? { outcome: "pending", attempts: 0 } : failed ? { outcome: "failed", reason: "blocked", attempts: 1 } : { outcome: "enriched", attempts: 1 },
  };
}

function statusAnswer(job, limit, offset) {
  const { ms, found, enriched, status, percent } = stateOf(job);
  const keywords = keywordsOf(job);
  const page = Array.from({ length: Math.max(0, Math.min(limit, found - offset)) }, (_, index) => recordOf(job, offset + index, enriched));
  return {
    status, message: "", version: found * 10_000 + enriched + (percent === 100 ? 1 : 0),
    ...(status === "partial" ? { shortfall: { missing: job.targetResults - found, reason: "rate_limited", detail: "the platform allowed no more calls" } } : {}),
    progress: { keywordsDispatched: keywords.length, keywordsCompleted: keywords.filter(({ outcome }) => outcome).length, keywordsFailed: 0, creatorsFound: found, creatorsEnriched: enriched, percentComplete: percent },
    enrichmentStatus: percent === 100 ? "completed" : "in_progress", results: [{ id: job.id, creators: page }],
    pagination: { limit, offset, total: found, nextOffset: offset + page.length < found ? offset + page.length : null },
    totalCreators: found, targetResults: job.targetResults, platform: job.platform, keywords: job.keywords,
    benchmark: { totalDurationMs: ms, apiCalls: 40 + found, creatorsPerSecond: 45 }, notes: [],
  };
}

function problem(status, code, detail, errors) {
  return { status, body: { type: `https://scout.test/problems/${code}`, title: "Refused", status, code, detail, hint: "See each field.", errors } };
}

function answer(method, url, body) {
  const path = url.pathname;
  if (path === "/api/v2/platforms") return { status: 200, body: { platforms: PLATFORMS } };
  if (path === "/api/v2/dispatch" && method === "POST") return dispatch(body);
  const job = jobs.get(path === "/api/v2/status" ? url.searchParams.get("jobId") : path.replace("/api/v2/jobs/", ""));
  if (job === undefined) return problem(404, "no_such_job", "There is no job of this id.");
  if (path === "/api/v2/status") return { status: 200, body: statusAnswer(job, Number(url.searchParams.get("limit") ?? 200), Number(url.searchParams.get("offset") ?? 0)) };
  return { status: 200, body: { jobId: job.id, platform: job.platform, status: stateOf(job).status, targetResults: job.targetResults, keywords: keywordsOf(job) } };
}

/** The rules of dist/_headers for every path, so that the page is tried under its real security policy. */
async function pageHeaders() {
  const [first] = (await readFile(join(DIST, "_headers"), "utf8")).split(/\n\n/u);
  return Object.fromEntries(first.split("\n").slice(1).map((line) => line.trim().split(/:\s(.*)/su, 2)));
}

async function file(path) {
  const name = normalize(path === "/" ? "/index.html" : path);
  return { type: TYPES[extname(name)] ?? "application/octet-stream", bytes: await readFile(join(DIST, name)) };
}

async function handle(request, response, headers) {
  const url = new URL(request.url, "http://mock");
  if (url.pathname.startsWith("/api/")) {
    if (request.headers.authorization !== "Bearer local") return void response.writeHead(401).end("{}");
    const chunks = await request.toArray();
    const { status, body } = answer(request.method, url, chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined);
    return void response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" }).end(JSON.stringify(body));
  }
  try {
    const { type, bytes } = await file(url.pathname);
    response.writeHead(200, { ...headers, "content-type": type }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

const [flag, ...rest] = process.argv.slice(2);
const headers = await pageHeaders();
const server = createServer((request, response) => handle(request, response, headers));
server.listen(flag === "--port" ? Number(rest[0]) : flag === "--run" ? 0 : 8787, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  console.log(`mock: ready on ${address}`);
  if (flag !== "--run") return;
  const child = spawn(process.execPath, [rest[0], address, ...rest.slice(1)], { stdio: "inherit" });
  child.on("exit", (code) => process.exit(code ?? 1));
});
