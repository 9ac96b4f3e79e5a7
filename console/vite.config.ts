import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const server = "http://127.0.0.1:8080";

/** What the browser needs to put the resident's page among its apps. The colours are those of `src/theme.css`. */
const pwa = VitePWA({
  strategies: "injectManifest",
  srcDir: "src",
  filename: "sw.ts",
  // Registered by the page itself: a script in the document would need a hole in the content security policy.
  injectRegister: false,
  // The code that is fetched late. What the document names, the worker reads from it.
  injectManifest: { globPatterns: ["assets/{inter-,map-,maplibre,walk}*"], maximumFileSizeToCacheInBytes: 2_000_000, rollupFormat: "iife" },
  manifest: {
    id: "/",
    name: "Tocsin: тривога й укриття",
    short_name: "Tocsin",
    description: "Стан тривоги мого району та шлях до укриття. Works offline.",
    lang: "uk",
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: "#0e1114",
    theme_color: "#15181c",
    icons: [
      { src: "/icons/192.png", sizes: "192x192", type: "image/png" },
      { src: "/icons/512.png", sizes: "512x512", type: "image/png" },
      { src: "/icons/512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  },
});

export default defineConfig({
  plugins: [svelte(), pwa],
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
