// The Worker's entry: stands between workerd and the Rust module, so that a panic is an error and never a hang.
//
// One instance of the module serves every handler and every object in an isolate. When Rust panics or traps, the
// instance is gone, and with it the promises of all calls in flight: nobody would ever settle them. So each call
// goes through `guarded`, which keeps the means to reject it. `build/index.js` starts a fresh instance as soon as
// one ends and tells us (see `adapt` in xtask/src/build/worker.rs); we reject what was in flight, and objects make
// themselves anew, from their rows, at their next call.

import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import * as rust from "./index.js";

// Counts instances, so that an object knows whether its Rust part belongs to the present one.
let generation = 0;

// How to reject each call in flight.
const inFlight = new Set();

globalThis.__scoutInstanceEnded = () => {
  generation += 1;
  const rejects = [...inFlight];
  inFlight.clear();
  console.error(`the module's instance ended; ${rejects.length} calls in flight fail, the next one gets a fresh instance`);
  for (const reject of rejects) reject(new InstanceEnded());
};

// What callers see. The panic's own text goes to the log only, where the module's panic hook writes it.
class InstanceEnded extends Error {
  constructor() {
    super("Scout's Worker failed inside and has started afresh");
    this.name = "InstanceEnded";
  }
}

// Settles as the call does, or rejects when the instance ends before that.
function guarded(call) {
  return new Promise((resolve, reject) => {
    inFlight.add(reject);
    const settle = (how) => (value) => {
      // A call that was rejected already is out of the set; settling it again does nothing.
      inFlight.delete(reject);
      how(value);
    };
    // Inside a promise, so that what the call throws at once is treated like what it throws later.
    new Promise((started) => started(call())).then(settle(resolve), settle(reject));
  });
}

// The answer where none came from Rust. It says nothing about the cause: the cause is in the log.
function failure(error) {
  if (!(error instanceof InstanceEnded)) console.error("a handler failed:", error);
  const problem = {
    type: "about:blank",
    title: "Internal Server Error",
    status: 500,
    code: "internal",
    detail: "Scout failed while answering this request.",
    hint: "Send the request again; if it keeps failing, the Worker's log says why.",
  };
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  return new Response(JSON.stringify(problem), { status: 500, headers });
}

// The class for handlers, with those that Rust exports: workerd takes a method's presence as the wish to be called.
class Entry extends WorkerEntrypoint {
  fetch(request) {
    return guarded(() => rust.fetch(request, this.env, this.ctx)).catch(failure);
  }
}

for (const name of ["queue", "scheduled"]) {
  const handler = rust[name];
  if (handler === undefined) continue;
  Entry.prototype[name] = function (event) {
    return guarded(() => handler(event, this.env, this.ctx));
  };
}

export default Entry;

const OBJECT_METHODS = ["fetch", "alarm", "webSocketMessage", "webSocketClose", "webSocketError"];

// A class of objects whose Rust part is made again whenever the instance it lived in has ended.
function objectClass(name) {
  const Rust = rust[name];
  const Objects = class extends DurableObject {
    #generation = -1;
    #part;

    // Not made in the constructor: it must not fail for good there, and it may be needed again later.
    part() {
      if (this.#generation !== generation) {
        this.#part = new Rust(this.ctx, this.env);
        this.#generation = generation;
      }
      return this.#part;
    }
  };
  for (const method of OBJECT_METHODS) {
    if (!(method in Rust.prototype)) continue;
    Objects.prototype[method] = function (...given) {
      return guarded(() => this.part()[method](...given));
    };
  }
  return Objects;
}

export const AccountDo = objectClass("AccountDo");
export const CacheDo = objectClass("CacheDo");
export const JobDo = objectClass("JobDo");
export const KeysDo = objectClass("KeysDo");
export const OperatorDo = objectClass("OperatorDo");
export const UpstreamDo = objectClass("UpstreamDo");
