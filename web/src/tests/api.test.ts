import assert from "node:assert/strict";
import { test } from "node:test";

import { authorization, Refused, sameOriginApi, Unreachable } from "../api.ts";

interface Sent {
  path: string;
  init: RequestInit;
}

/** An API whose server always gives one answer, and what it was sent. */
function answering(response: () => Response | Promise<Response>, hostname = "localhost") {
  const sent: Sent[] = [];
  const send = (async (path: string, init: RequestInit) => {
    sent.push({ path, init });
    return response();
  }) as typeof fetch;
  return { api: sameOriginApi(hostname, send), sent };
}

const READING = { offset: 40, limit: 500 };

test("the local token is sent to this machine and to no other host", () => {
  assert.deepEqual(authorization("localhost"), { authorization: "Bearer local" });
  assert.deepEqual(authorization("127.0.0.1"), { authorization: "Bearer local" });
  assert.deepEqual(authorization("localhost.sample.test"), {});
});

test("a token that was set is sent to any host and instead of the local one", () => {
  for (const hostname of ["localhost", "scout.sample.test"]) assert.deepEqual(authorization(hostname, "t"), { authorization: "Bearer t" });
});

test("who is not signed in is told so in words for people", async () => {
  const { api } = answering(() => Response.json({ code: "unauthorized", detail: "no bearer token" }, { status: 401 }));
  await assert.rejects(api.platforms(), (error) => error instanceof Refused && !error.passing && error.message.includes("not signed in") && error.problem.code === "unauthorized");
});

test("a status is asked for by job and place, with ids encoded", async () => {
  const { api, sent } = answering(() => Response.json({ status: "searching" }));
  await api.status("a/b", READING);
  assert.equal(sent[0]?.path, "/api/v2/status?jobId=a%2Fb&limit=500&offset=40");
  assert.deepEqual((sent[0]?.init.headers as Record<string, string>)["authorization"], "Bearer local");
});

test("a search is sent once, as JSON, under its key, without the fields that were left empty", async () => {
  const { api, sent } = answering(() => Response.json({ jobId: "job-1" }, { status: 202 }));
  const request = { platform: "sample", keywords: ["yoga"], targetResults: undefined, enableExpansion: true };
  assert.equal((await api.dispatch(request, "key-1")).jobId, "job-1");
  assert.equal(sent[0]?.init.body, '{"platform":"sample","keywords":["yoga"],"enableExpansion":true}');
  assert.equal((sent[0]?.init.headers as Record<string, string>)["idempotency-key"], "key-1");
});

test("a refusal carries the problem and how long to wait", async () => {
  const { api } = answering(() => Response.json({ code: "slow_down", detail: "too many" }, { status: 429, headers: { "retry-after": "3" } }));
  await assert.rejects(api.job("job-1"), (error) => error instanceof Refused && error.passing && error.retryAfterMs === 3_000 && error.problem.detail === "too many");
});

test("a refusal that is no JSON is a refusal all the same", async () => {
  const { api } = answering(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await assert.rejects(api.job("job-1"), (error) => error instanceof Refused && error.problem.status === 502);
});

test("no network and an answer cut short are both a lost connection", async () => {
  const gone = answering(() => Promise.reject(new TypeError("failed to fetch")));
  await assert.rejects(gone.api.platforms(), Unreachable);
  const cut = answering(() => new Response('{"status": "sear'));
  await assert.rejects(cut.api.status("job-1", READING), Unreachable);
});
