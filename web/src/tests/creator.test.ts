import assert from "node:assert/strict";
import { test } from "node:test";

import type { CreatorRecord } from "../api.ts";
import { rowOf, rowsOf, webAddress } from "../creator.ts";
import { record } from "./sample.ts";

function withCreator(change: Partial<CreatorRecord["creator"]>): CreatorRecord {
  return { ...record(1), creator: { ...record(1).creator, ...change } };
}

test("a creator without a name goes by the handle, once", () => {
  const row = rowOf(withCreator({ name: null, username: "ana" }));
  assert.deepEqual([row.name, row.handle], ["@ana", null]);
});

test("an initial is a letter even where the name begins with a picture", () => {
  assert.equal(rowOf(withCreator({ name: "🌿 élan" })).initial, "É");
  assert.equal(rowOf(withCreator({ name: "🌿" })).initial, "?");
});

test("unknown followers are unknown and none are none", () => {
  assert.equal(rowOf(withCreator({ followers: null })).followers, null);
  assert.equal(rowOf(withCreator({ followers: 0 })).followers, 0);
});

test("a link leads to the profile, else to the content, else nowhere", () => {
  const content = { url: "https://sample.test/post" };
  assert.equal(rowOf({ ...withCreator({ profileUrl: "https://sample.test/@ana" }), content }).link, "https://sample.test/@ana");
  assert.equal(rowOf({ ...withCreator({}), content }).link, "https://sample.test/post");
  assert.equal(rowOf(withCreator({})).link, null);
});

test("only web addresses are linked to", () => {
  assert.equal(webAddress("javascript:alert(1)"), null);
  assert.equal(webAddress("data:text/html,x"), null);
  assert.equal(webAddress("//sample.test"), null);
  assert.equal(webAddress("http://sample.test/a"), "http://sample.test/a");
});

test("a bio is one paragraph, and an empty one is none", () => {
  assert.equal(rowOf(withCreator({ bio: " a\n\n b " })).bio, "a b");
  assert.equal(rowOf(withCreator({ bio: " \n" })).bio, null);
});

test("what became of a profile is said unless it was read", () => {
  const note = (enrichment: CreatorRecord["enrichment"]): string | null => rowOf({ ...record(1), enrichment }).note;
  assert.equal(note({ outcome: "enriched" }), null);
  assert.equal(note({ outcome: "pending" }), "Profile not read yet");
  assert.equal(note({ outcome: "empty", reason: "private" }), "No profile: private");
  assert.equal(note({ outcome: "failed", reason: "blocked" }), "Profile not read: the platform blocked the request");
  assert.equal(note({ outcome: "skipped", reason: "cancelled" }), "Profile not read: the search was stopped");
});

test("the same record is made into a row once", () => {
  const same = record(1);
  assert.equal(rowsOf([same])[0], rowsOf([same])[0]);
});
