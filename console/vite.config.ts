import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const server = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [svelte()],
  appType: "mpa",
  build: {
    outDir: "../src/tocsin/http/static",
    emptyOutDir: true,
    // The resident's page stands alone: nothing of the others may weigh on it.
    rolldownOptions: { input: ["index.html", "app.html"] },
    // The map's chunk is about a megabyte and loads after the state is shown.
    chunkSizeWarningLimit: 1200,
    // A font inlined into the style sheet would hold the first view back.
    assetsInlineLimit: 0,
  },
  server: { port: 5173, strictPort: true, proxy: { "/v1": server, "/cap": server, "/tiles": server } },
});
