// A Worker for tests: answers one call of the contract. The body is a line of JSON and then, where the function reads an
// answer, the bytes of that answer.

import { call } from "./adapters/index.js";

const LINE_END = 10;

export default {
  async fetch(request) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    const end = bytes.indexOf(LINE_END);
    const { adapter, function: function_, given = [], response } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    // A copy, since the glue takes the whole buffer behind an array.
    if (response !== undefined) given.push({ status: response.status, headers: [], body: bytes.slice(end + 1) });
    // `null` stands for none in JSON; the glue wants `undefined`.
    return Response.json(call(adapter, function_, given.map((value) => value ?? undefined)));
  },
};
