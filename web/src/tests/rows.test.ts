import assert from "node:assert/strict";
import { test } from "node:test";

import { beginning, isSettled, merge, nextUnsettled, PAGE_ROWS } from "../rows.ts";
import { record, records } from "./sample.ts";

test("a page read again updates its rows and moves none", () => {
  const merged = merge(records(0, 4, "pending"), 1, records(1, 3, "enriched"));
  assert.deepEqual(merged.map(({ mergeKey }) => mergeKey), ["sample:0", "sample:1", "sample:2", "sample:3"]);
  assert.deepEqual(merged.map(isSettled), [false, true, true, false]);
});

test("an answer from before does not take a profile back", () => {
  assert.equal(merge([record(0, "enriched")], 0, [record(0, "pending")])[0]?.enrichment.outcome, "enriched");
});

test("a page that begins beyond the known rows leaves no gap", () => {
  assert.equal(merge(records(0, 2), 3, records(3, 5)).length, 2);
  assert.equal(merge(records(0, 2), 2, records(2, 5)).length, 5);
});

test("merging leaves the rows it was given alone", () => {
  const before = records(0, 1, "pending");
  merge(before, 0, records(0, 1, "enriched"));
  assert.equal(before[0]?.enrichment.outcome, "pending");
});

test("a failed, empty or skipped profile is settled, a pending one is not", () => {
  assert.deepEqual((["failed", "empty", "skipped", "enriched", "pending"] as const).map((outcome) => isSettled(record(0, outcome))), [true, true, true, true, false]);
});

test("a round begins after the last row when every profile is read", () => {
  assert.equal(beginning([]).offset, 0);
  assert.equal(beginning(records(0, 30)).offset, 30);
});

test("a round begins at an unread profile that is near the end, and not at one far from it", () => {
  const near = [...records(0, 10), ...records(10, 10 + PAGE_ROWS / 2, "pending")];
  assert.equal(beginning(near).offset, 10);
  assert.equal(beginning([...near, record(near.length)]).offset, near.length + 1);
});

test("the next unread profile is looked for between the two places only", () => {
  const rows = [record(0, "pending"), record(1), record(2, "pending"), record(3, "pending")];
  assert.equal(nextUnsettled(rows, 0, 4)?.offset, 0);
  assert.equal(nextUnsettled(rows, 1, 4)?.offset, 2);
  assert.equal(nextUnsettled(rows, 1, 2), null);
});
