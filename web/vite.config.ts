import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// During development the page comes from Vite and the API from the Worker (or the mock) beside it.
const api = process.env["SCOUT_API"] ?? "http://localhost:8787";

export default defineConfig({
  plugins: [svelte()],
  server: { proxy: { "/api": api } },
  build: {
    target: ["chrome123", "firefox120", "safari17.5"],
    // A data: URL would need room in the content security policy; a small file of its own needs none.
    assetsInlineLimit: 0,
    // The polyfill exists for browsers below the target.
    modulePreload: { polyfill: false },
  },
});
