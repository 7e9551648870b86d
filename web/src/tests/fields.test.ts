import assert from "node:assert/strict";
import { test } from "node:test";

import { firstField, refusalOf } from "../fields.ts";

const KEYWORDS = ["yoga", "x"];

test("every error stands beside the field that its pointer names", () => {
  const errors = [
    { pointer: "/targetResults", detail: "0 is too small", hint: "ask for 1 to 5000" },
    { pointer: "/keywords/1", detail: "too short" },
    { pointer: "/platform", detail: "the field is missing" },
  ];
  const refusal = refusalOf({ status: 422, errors }, KEYWORDS);
  assert.deepEqual(refusal.byField, { targetResults: ["0 is too small. Ask for 1 to 5000."], keywords: ["Too short."], platform: ["The field is missing."] });
  assert.deepEqual([...refusal.byKeyword], [["x", "too short"]]);
  assert.deepEqual(refusal.general, []);
  assert.equal(firstField(refusal), "platform");
});

test("an error about something that the form does not have is shown all the same", () => {
  const errors = [{ pointer: "/campaignId", detail: "not a UUID" }, { pointer: "", detail: "not an object" }];
  assert.deepEqual(refusalOf({ status: 422, errors }, KEYWORDS).general, ["Not a UUID.", "Not an object."]);
});

test("a refusal without fields tells its detail and its hint", () => {
  assert.deepEqual(refusalOf({ status: 402, detail: "the plan is used up", hint: "wait for next month" }, []).general, ["The plan is used up.", "Wait for next month."]);
});

test("a refusal that says nothing at all is still told", () => {
  assert.match(refusalOf({ status: 502 }, []).general[0] ?? "", /502/u);
});
