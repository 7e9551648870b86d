import assert from "node:assert/strict";
import { test } from "node:test";

import { add, faultOf, isList, KEYWORD_CHARS_MAX, KEYWORDS_MAX, noteOn, split } from "../keywords.ts";

test("commas, semicolons, tabs and new lines separate keywords, spaces do not", () => {
  assert.deepEqual(split("home yoga, fitness;run\tswim\nrow"), ["home yoga", "fitness", "run", "swim", "row"]);
});

test("white space is folded, letters are composed and nothing makes no keyword", () => {
  assert.deepEqual(split("  home \u00a0 yoga , ,, cafe\u0301 "), ["home yoga", "caf\u00e9"]);
});

test("a twin in another case is not added again", () => {
  const added = add(["Yoga"], "yoga, YOGA, pilates, Pilates");
  assert.deepEqual(added.keywords, ["Yoga", "pilates"]);
  assert.equal(noteOn(added), "Already there: yoga, YOGA, Pilates");
});

test("the list takes as many keywords as it may hold and says which were left out", () => {
  const full = Array.from({ length: KEYWORDS_MAX - 1 }, (_, index) => `keyword ${index}`);
  const added = add(full, "last one, one too many");
  assert.equal(added.keywords.length, KEYWORDS_MAX);
  assert.match(noteOn(added) ?? "", /left out: one too many$/u);
});

test("nothing is said when everything went in", () => {
  assert.equal(noteOn(add([], "yoga")), null);
});

test("a keyword has 2 to 100 characters, counted as people count them", () => {
  assert.match(faultOf("x") ?? "", /too short/u);
  assert.equal(faultOf("xy"), null);
  assert.match(faultOf("🧘") ?? "", /too short/u);
  assert.equal(faultOf("🧘".repeat(KEYWORD_CHARS_MAX)), null);
  assert.match(faultOf("x".repeat(KEYWORD_CHARS_MAX + 1)) ?? "", /too long: 101 of 100/u);
});

test("a single keyword with a line end is pasted as text, two are a list", () => {
  assert.equal(isList("home yoga\n"), false);
  assert.equal(isList("home\nyoga"), true);
});
