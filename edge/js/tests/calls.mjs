// Answers calls of the contract on workerd: a line of JSON each from standard input, a line each to standard output, as
// `scout adapter call` does it on wasmtime. `cargo xtask build` has to be run before.

import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import workerd from "workerd";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

// The name by which each file of the build is imported, and what kind of module it is.
async function modules() {
  const files = await readdir(join(ROOT, "build/adapters"), { recursive: true });
  const kind = (file) => (file.endsWith(".wasm") ? "wasm" : "esModule");
  const built = files.filter((file) => /\.(js|wasm)$/.test(file)).map((file) => ({ name: `adapters/${file}`, kind: kind(file) }));
  if (built.length === 0) throw new Error("build/adapters/ is empty\nhint: cargo xtask build");
  return [{ name: "calls.worker.mjs", kind: "esModule" }, ...built];
}

async function compatibilityDate() {
  const settings = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  return /^compatibility_date = "(.+)"$/m.exec(settings)[1];
}

// workerd embeds files by paths beside its configuration, so they are linked there.
async function configure(folder) {
  await symlink(join(ROOT, "build/adapters"), join(folder, "adapters"));
  await symlink(join(ROOT, "edge/js/tests/calls.worker.mjs"), join(folder, "calls.worker.mjs"));
  const embedded = (await modules()).map(({ name, kind }) => `(name = ${JSON.stringify(name)}, ${kind} = embed ${JSON.stringify(name)})`);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "calls", worker = .calls)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "calls")]
);
const calls :Workerd.Worker = (
  compatibilityDate = "${await compatibilityDate()}",
  modules = [${embedded.join(",\n    ")}]
);
`;
  await writeFile(join(folder, "config.capnp"), config);
}

// Starts workerd on a free port; gives where it answers.
async function start(folder) {
  const child = spawn(workerd.default ?? workerd, ["serve", "config.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const ended = new Promise((_, reject) => child.once("exit", (code) => reject(new Error(`workerd ended (${code})`))));
  const listening = (async () => {
    for await (const line of createInterface({ input: child.stdio[3] })) {
      const { event, port } = JSON.parse(line);
      if (event === "listen") return `http://127.0.0.1:${port}/`;
    }
    throw new Error("workerd does not say where it listens");
  })();
  return { child, url: await Promise.race([listening, ended]) };
}

async function answer(url, line) {
  const { response } = JSON.parse(line);
  const bytes = response === undefined ? Buffer.alloc(0) : await readFile(resolve(ROOT, response.file));
  const answered = await fetch(url, { method: "POST", body: Buffer.concat([Buffer.from(`${line}\n`), bytes]) });
  if (!answered.ok) throw new Error(`the Worker failed (${answered.status}) at ${line}`);
  return answered.text();
}

const folder = await mkdtemp(join(tmpdir(), "scout-calls-"));
let worker;
try {
  await configure(folder);
  worker = await start(folder);
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${await answer(worker.url, line)}\n`);
  }
} finally {
  worker?.child.removeAllListeners("exit");
  worker?.child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
}
