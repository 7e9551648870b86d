import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, duration, sentence, short } from "../format.ts";
import { addressOf, jobIn } from "../route.ts";
import { MARGIN_ROWS, spanInView } from "../viewport.ts";

test("numbers are grouped, and one is one", () => {
  assert.deepEqual([counted(1, "creator"), counted(5000, "creator"), counted(0, "profile")], ["1 creator", "5,000 creators", "0 profiles"]);
});

test("large numbers are short from ten thousand on", () => {
  assert.deepEqual([short(9_999), short(10_000), short(1_234_567)], ["9,999", "10K", "1.23M"]);
});

test("times are in seconds, then in minutes, and never in 60 seconds", () => {
  assert.deepEqual([duration(800), duration(9_949), duration(9_951), duration(59_600), duration(185_000)], ["0.8 s", "9.9 s", "10 s", "1 min", "3 min 5 s"]);
});

test("a sentence begins and ends like one", () => {
  assert.deepEqual([sentence("too short"), sentence("Why?"), sentence("Done. ")], ["Too short.", "Why?", "Done."]);
});

test("an address names its job, and anything else is the form", () => {
  assert.equal(jobIn(addressOf("a-1_B")), "a-1_B");
  for (const hash of ["", "#/", "#/jobs/", "#/jobs/a/b", `#/jobs/${"a".repeat(129)}`]) assert.equal(jobIn(hash), null, hash);
});

test("only the rows in view and a margin are drawn", () => {
  assert.deepEqual(spanInView(5_000, 50, 0, 1_000), { first: 0, end: 20 + MARGIN_ROWS });
  assert.deepEqual(spanInView(5_000, 50, -100_000, 1_000), { first: 2_000 - MARGIN_ROWS, end: 2_020 + MARGIN_ROWS });
});

test("a list above, below or shorter than the view has no rows that do not exist", () => {
  assert.deepEqual(spanInView(3, 50, 0, 1_000), { first: 0, end: 3 });
  assert.deepEqual(spanInView(10, 50, 50_000, 1_000), { first: 0, end: 0 });
  assert.deepEqual(spanInView(10, 50, -50_000, 1_000), { first: 10, end: 10 });
});
