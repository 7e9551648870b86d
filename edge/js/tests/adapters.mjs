// What the glue between Rust and adapters promises, with adapters of our own in place of components.
// Run by `cargo xtask test`, or alone: node --test edge/js/tests/adapters.mjs

import assert from "node:assert/strict";
import test from "node:test";
import { registry } from "../adapters.js";

// An adapter whose one function gives or throws what it is told; its core is what `instantiate` asked for.
function adapters(readSearch) {
  const instantiate = (core) => ({ adapter: { readSearch: (...given) => readSearch(core(), ...given) } });
  return registry({ one: { instantiate, core: "the core of one" } });
}

function called(readSearch, ...given) {
  return adapters(readSearch).call("one", "readSearch", given);
}

function returnedFault(payload) {
  return Object.assign(new Error("a fault"), { payload });
}

test("a call hands over the module and the arguments", () => {
  assert.deepEqual(called((core, a, b) => [core, a, b], 1, "x"), { ok: ["the core of one", 1, "x"] });
});

test("an unknown value is null, at every depth", () => {
  assert.deepEqual(called(() => ({ next: undefined, creators: [{ name: undefined }] })), { ok: { next: null, creators: [{ name: null }] } });
});

test("a count is a number", () => {
  assert.deepEqual(called(() => ({ followers: 12n })), { ok: { followers: 12 } });
});

test("the largest exact count stays, and one above it is cut to it", () => {
  const largest = Number.MAX_SAFE_INTEGER;
  assert.deepEqual(called(() => [BigInt(largest), BigInt(largest) + 1n]), { ok: [largest, largest] });
});

test("bytes stay bytes", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  assert.equal(called(() => ({ body: bytes })).ok.body, bytes);
});

test("a list of other numbers is a list, whatever array it came in", () => {
  assert.deepEqual(called(() => ({ covers: new Uint32Array([0, 1]) })), { ok: { covers: [0, 1] } });
  assert.deepEqual(called(() => new BigUint64Array([7n])), { ok: [7] });
});

test("a fault that the adapter returned is an err", () => {
  const fault = called(() => { throw returnedFault({ tag: "rate-limited", val: undefined }); });
  assert.deepEqual(fault, { err: { tag: "rate-limited", val: null } });
});

test("a trap is a trap, with its text and no stack", () => {
  const trap = called(() => { throw new WebAssembly.RuntimeError("unreachable"); });
  assert.deepEqual(trap, { trap: "unreachable" });
});

test("an adapter or a function that does not exist is said by name, and nothing is thrown", () => {
  const { call } = adapters(() => 1);
  assert.deepEqual(call("two", "readSearch", []), { trap: "there is no adapter two" });
  assert.deepEqual(call("one", "toString", []), { trap: "the contract has no function toString" });
  assert.deepEqual(call("toString", "readSearch", []), { trap: "there is no adapter toString" });
});

test("names come in order", () => {
  const entry = { instantiate: () => ({}), core: null };
  assert.deepEqual(registry({ b: entry, a: entry }).names(), ["a", "b"]);
});
