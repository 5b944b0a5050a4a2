import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a gateway; the built page is served by the gateway itself. */
const gateway = process.env["SANSE_GATEWAY"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../gateway/api/static",
    emptyOutDir: true,
    target: "es2022",
    // A data: URL would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": gateway } },
  test: { include: ["tests/**/*.test.ts"] },
});
