// Calls adapters by name. `build/adapters/index.js` hands the table in; the Worker's Rust imports what this returns.

// Makes `call` and `names` for a table of `{ instantiate, core }` by adapter name.
export function registry(table) {
  const adapters = new Map(Object.entries(table));

  // Calls a function of an adapter, such as `planSearch`, with its arguments in an array. Never throws. Gives
  //   { ok: value }   what the function returned,
  //   { err: fault }  the fault it returned, as `{ tag, val }`,
  //   { trap: text }  why it gave neither: it trapped, or the call is not one of the contract's.
  // Each call has an instance of its own: nothing is kept, and a trap ends nothing else.
  function call(name, function_, given) {
    const adapter = adapters.get(name);
    if (adapter === undefined) return { trap: `there is no adapter ${name}` };
    try {
      const { adapter: functions } = adapter.instantiate(() => adapter.core, {});
      if (!Object.hasOwn(functions, function_)) return { trap: `the contract has no function ${function_}` };
      return { ok: plain(functions[function_](...given)) };
    } catch (error) {
      return outcome(error);
    }
  }

  // The names of all adapters, in order.
  function names() {
    return [...adapters.keys()].sort();
  }

  return { call, names };
}

// The glue throws a returned fault inside an error that has a payload; everything else is the adapter's failure.
function outcome(error) {
  if (error instanceof Error && "payload" in error) return { err: plain(error.payload) };
  return { trap: error instanceof Error ? error.message : String(error) };
}

// A value of the contract as plain data that Rust decodes and JSON can hold: `null` for none, numbers for counts.
function plain(value) {
  if (value === undefined) return null;
  if (typeof value === "bigint") return count(value);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  // Lists of other numbers come as typed arrays too, which JSON does not take for lists.
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value, plain);
  for (const key of Object.keys(value)) value[key] = plain(value[key]);
  return value;
}

// Beyond 2^53 a number is no exact count any more, and Rust would refuse it; nothing there is counted honestly.
function count(value) {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}
