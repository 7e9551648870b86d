import assert from "node:assert/strict";
import { test } from "node:test";

import type { Api, CreatorRecord, Reading, StatusAnswer } from "../api.ts";
import { Refused, Unreachable } from "../api.ts";
import type { Followed, Pace } from "../follow.ts";
import { Follower } from "../follow.ts";
import { isSettled } from "../rows.ts";
import { job, records, status } from "./sample.ts";

/** What the API knows at one reading of the status; an error is thrown instead. */
type Moment = { rows: CreatorRecord[]; version: number; final?: boolean } | Error;

/** Follows a job that is at one moment after the other, staying at the last; tells what was seen, asked and waited. */
async function follow(moments: Moment[], pace: Partial<Pace> = {}) {
  const seen: Followed[] = [];
  const asked: Reading[] = [];
  const waits: number[] = [];
  let place = 0;
  const api: Pick<Api, "status" | "job"> = {
    status: async (_, reading) => {
      asked.push(reading);
      const moment = moments[Math.min(place, moments.length - 1)];
      place += 1;
      if (moment === undefined || moment instanceof Error) throw moment;
      return answerAt(moment, reading);
    },
    job: async () => job(),
  };
  const sleep = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    assert.ok(waits.length < 200, "it never ends");
  };
  const follower = new Follower(api as Api, "job-1", { sleep, visible: async () => {}, ...pace }, (state) => seen.push(state));
  await follower.run();
  const last = seen.at(-1);
  assert.ok(last !== undefined, "something was seen");
  return { seen, asked, waits, last };
}

function answerAt({ rows, version, final }: Exclude<Moment, Error>, { offset, limit }: Reading): StatusAnswer {
  const page = rows.slice(offset, offset + limit);
  return status({ found: rows.length, version, status: final ? "completed" : "searching", results: [{ creators: page }] });
}

test("creators come as they are found, and following ends with the job", async () => {
  const { seen, last } = await follow([
    { rows: records(0, 2), version: 1 },
    { rows: records(0, 5), version: 2 },
    { rows: records(0, 7), version: 3, final: true },
  ]);
  assert.deepEqual([...new Set(seen.map(({ rows }) => rows.length))], [2, 5, 7]);
  assert.equal(last.done, true);
  assert.ok(last.job !== null);
});

test("only new creators are asked for when every profile is read", async () => {
  const { asked } = await follow([
    { rows: records(0, 30), version: 1 },
    { rows: records(0, 40), version: 2, final: true },
  ]);
  assert.deepEqual(asked.map(({ offset }) => offset), [0, 30]);
});

test("rows that were shown unread are updated when their profiles are", async () => {
  const { seen, last } = await follow([
    { rows: records(0, 3, "pending"), version: 1 },
    { rows: records(0, 3, "enriched"), version: 2, final: true },
  ]);
  assert.equal(seen[0]?.rows.some(isSettled), false);
  assert.ok(last.rows.every(isSettled));
});

test("a finished job of thousands is read whole, page by page", async () => {
  const { last, asked } = await follow([{ rows: records(0, 1_250), version: 9, final: true }]);
  assert.equal(last.rows.length, 1_250);
  assert.deepEqual(asked.map(({ offset }) => offset), [0, 500, 1_000]);
});

test("profiles far from the end are read again before a job counts as done", async () => {
  const unread = [...records(0, 900, "pending"), ...records(900, 1_400)];
  const { last } = await follow([
    ...Array.from({ length: 6 }, () => ({ rows: unread, version: 1 })),
    { rows: records(0, 1_400), version: 2, final: true },
  ]);
  assert.ok(last.done && last.rows.every(isSettled));
});

test("a job that becomes final in the middle of a round is read once more", async () => {
  const { last } = await follow([
    { rows: records(0, 600, "pending"), version: 1 },
    { rows: records(0, 600, "pending"), version: 1 },
    { rows: records(0, 600, "pending"), version: 1 },
    { rows: records(0, 600, "enriched"), version: 2, final: true },
  ]);
  assert.ok(last.done && last.rows.every(isSettled));
});

test("a profile that a final job leaves unread is not waited for", async () => {
  const { last } = await follow([{ rows: records(0, 3, "pending"), version: 1, final: true }]);
  assert.equal(last.done, true);
});

test("rounds slow down to two seconds while nothing changes and quicken when something does", async () => {
  const still: Moment = { rows: records(0, 1), version: 1 };
  const { waits } = await follow([...Array.from({ length: 8 }, () => still), { rows: records(0, 2), version: 2 }, { rows: records(0, 2), version: 3, final: true }]);
  assert.equal(waits[0], 500);
  assert.equal(Math.max(...waits), 2_000);
  assert.equal(waits.at(-1), 500);
});

test("a lost connection is said, tried again ever more slowly, and forgotten once it is back", async () => {
  const gone = new Unreachable("nobody there");
  const { seen, waits, last } = await follow([{ rows: records(0, 1), version: 1 }, ...Array.from({ length: 6 }, () => gone), { rows: records(0, 1), version: 2, final: true }]);
  assert.deepEqual(waits.slice(1, 7), [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  assert.ok(seen.some(({ trouble, rows }) => trouble?.detail === "nobody there" && rows.length === 1), "rows stay while it is gone");
  assert.equal(last.trouble, null);
  assert.equal(last.done, true);
});

test("a server that asks for patience gets it", async () => {
  const { waits } = await follow([new Refused({ status: 429 }, 7_000), { rows: [], version: 1, final: true }]);
  assert.equal(waits[0], 7_000);
});

test("a job that does not exist is not asked for again", async () => {
  const { last, asked } = await follow([new Refused({ status: 404, detail: "no such job" })]);
  assert.equal(last.refusal?.status, 404);
  assert.equal(asked.length, 1);
});

test("nothing is read while nobody can see the page", async () => {
  let shown = 0;
  const visible = async (): Promise<void> => void (shown += 1);
  const { asked } = await follow([{ rows: [], version: 1 }, { rows: [], version: 2, final: true }], { visible });
  assert.equal(shown, asked.length);
});

test("once stopped it publishes nothing more", async () => {
  const seen: Followed[] = [];
  const api = { status: async () => status(), job: async () => job() } as unknown as Api;
  const follower: Follower = new Follower(api, "job-1", { sleep: async () => follower.stop(), visible: async () => {} }, (state) => seen.push(state));
  await follower.run();
  const before = seen.length;
  await follower.run();
  assert.equal(seen.length, before);
});
