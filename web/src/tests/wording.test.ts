import assert from "node:assert/strict";
import { test } from "node:test";

import { ending, headline, notReadyReason, outcomeLine, outcomeSummary, progressLine, reasonWords } from "../wording.ts";
import { job, keyword, record, status } from "./sample.ts";

const MET = { found: 100 };
const FAILED = { kind: "failed", reason: "rate_limited", detail: "five times" } as const;

test("progress is told in keywords, creators and profiles", () => {
  const answer = status({ found: 180, targetResults: 500 });
  const progress = { ...answer.progress, creatorsEnriched: 120, keywordsDispatched: 3 };
  const keywords = [keyword("a", { kind: "ok", creators: 4 }), keyword("b", { kind: "empty" }), keyword("c", null)];
  assert.equal(progressLine({ ...answer, progress }, keywords), "2 of 3 keywords searched · 180 of 500 creators found · 120 profiles read");
});

test("each keyword's outcome has its words", () => {
  const texts = [
    keyword("a", { kind: "ok", creators: 32 }),
    keyword("a", { kind: "empty" }),
    keyword("a", FAILED),
    keyword("a", { kind: "skipped", reason: "target_met" }),
    keyword("a", null),
    keyword("a", null, 7),
    { ...keyword("a", null), state: "searching" as const },
  ].map((each) => outcomeLine(each).text);
  assert.deepEqual(texts, ["32 found", "nothing found", "failed: rate limited", "skipped: target met", "waiting", "7 so far", "searching"]);
});

test("a failure never looks like an empty result", () => {
  assert.notEqual(outcomeLine(keyword("a", FAILED)).tone, outcomeLine(keyword("a", { kind: "empty" })).tone);
});

test("outcomes are counted by kind, and kinds that did not happen are left out", () => {
  const keywords = [keyword("a", { kind: "ok", creators: 4 }), keyword("b", FAILED), keyword("c", null), keyword("d", null)];
  assert.equal(outcomeSummary(keywords), "1 with creators · 1 failed · 2 to go");
});

test("a job that reached its target ends well and needs nothing done", () => {
  const end = ending(status({ ...MET, status: "completed" }), job([keyword("a", FAILED)]), []);
  assert.equal(end.tone, "good");
  assert.equal(end.title, "All 100 creators found");
  assert.deepEqual(end.advice, []);
});

test("a search that was exhausted says so and what would bring more", () => {
  const shortfall = { missing: 69, reason: "keywords_exhausted", detail: "every keyword was searched to its end" };
  const end = ending(status({ found: 31, status: "completed", shortfall }), job(), []);
  assert.equal(end.title, "31 of 100 creators found");
  assert.ok(end.what.includes("Every keyword was searched to its end."));
  assert.match(end.advice.join(), /Add keywords/u);
});

test("gaps are counted by reason, for keywords and for profiles, each reason once", () => {
  const shortfall = { missing: 60, reason: "rate_limited", detail: "the platform allows no more calls for now" };
  const lost = { ...record(1, "failed"), enrichment: { outcome: "failed" as const, reason: "blocked" } };
  const end = ending(status({ found: 40, status: "partial", shortfall }), job([keyword("a", FAILED), keyword("b", FAILED)]), [record(0), lost]);
  assert.deepEqual(end.what.slice(0, 2), ["2 keywords could not be searched: the platform allowed no more calls.", "1 profile could not be read: the platform blocked the request."]);
  assert.equal(end.what.length, 3, "the shortfall has the same reason as the keywords and is not repeated");
  assert.equal(end.advice.length, 2);
});

test("a failed job tells its error and what to do", () => {
  const error = { reason: "unauthorized", detail: "SAMPLE_KEY is not set" };
  const end = ending(status({ status: "error", error, shortfall: { missing: 100, ...error } }), job(), []);
  assert.equal(end.tone, "bad");
  assert.equal(end.what[0], "The platform refused the credentials: SAMPLE_KEY is not set.");
  assert.match(end.advice[0] ?? "", /secret/u);
});

test("a stopped job says what is kept", () => {
  const end = ending(status({ found: 12, status: "cancelled" }), job(), []);
  assert.equal(end.title, "Stopped: 12 of 100 creators found");
  assert.match(end.what[0] ?? "", /kept/u);
});

test("a target that was met with gaps does not hide them", () => {
  const lost = { ...record(1, "failed"), enrichment: { outcome: "failed" as const, reason: "unavailable" } };
  const end = ending(status({ ...MET, status: "partial" }), job(), [lost]);
  assert.equal(end.title, "All 100 creators found, with gaps");
  assert.match(end.what[0] ?? "", /1 profile could not be read/u);
});

test("a reason that has no words yet is shown readable", () => {
  assert.equal(reasonWords("moon_in_the_way"), "moon in the way");
});

test("a status has two or three words, whatever it is", () => {
  assert.equal(headline("enriching"), "Reading profiles");
});

test("a platform that is not ready names what it needs", () => {
  const platform = { platform: "sample", label: "Sample", version: "1.0.0", reportsViews: false, ready: false, missingSecrets: ["A_KEY", "B_KEY"] };
  assert.equal(notReadyReason(platform), "needs A_KEY and B_KEY");
  assert.equal(notReadyReason({ ...platform, missingSecrets: [] }), "not set up on this server");
  assert.equal(notReadyReason({ ...platform, ready: true }), null);
});
