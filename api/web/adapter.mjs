/**
 * Astro's adapter for this house: the build leaves one function `render(Request, locals)` that
 * api/web/pages.ts mounts in the Hono application, the CSP headers of the prerendered pages, and beside
 * each Japanese page the same with readings over its words.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** The rooms behind the site stay outside its bundle, so that pages and routes share one instance. */
const keepRoomsOutside = {
  name: "keep-rooms-outside",
  enforce: "pre",
  apply: "build", // not while the content is read: that is no bundle
  resolveId(source) {
    if (/^#(?:api|db|emails|analytics)\//u.test(source)) return { id: source, external: true };
    return undefined;
  },
};

/** `about.furigana.html` beside `about.html`: api/web/variants.ts says which of them a URL means. */
function writeReadings(client, furiganaOf) {
  for (const name of readdirSync(client, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".html") || name.endsWith(".furigana.html")) continue;
    const html = readFileSync(new URL(name, client), "utf8");
    const furigana = furiganaOf(html);
    if (furigana !== undefined) writeFileSync(new URL(name.replace(/\.html$/u, ".furigana.html"), client), furigana);
  }
}

/**
 * The Astro integration that sets the adapter. `furiganaOf` makes the furigana view of a built page's HTML,
 * undefined for a page that has none: the site's own matter, handed in by astro.config.mjs.
 */
export function house({ furiganaOf }) {
  let outDir;
  let headersOf;
  return {
    name: "house",
    hooks: {
      "astro:config:setup": ({ updateConfig }) => {
        updateConfig({ build: { redirects: false }, session: false, vite: { plugins: [keepRoomsOutside] } });
      },
      "astro:config:done": ({ config, setAdapter }) => {
        outDir = config.outDir;
        setAdapter({
          name: "house",
          entrypointResolution: "auto",
          serverEntrypoint: new URL("../../site/server.ts", import.meta.url),
          adapterFeatures: { buildOutput: "server", staticHeaders: true },
          supportedAstroFeatures: { hybridOutput: "stable", staticOutput: "stable", serverOutput: "stable" },
        });
      },
      "astro:build:generated": ({ routeToHeaders }) => {
        headersOf = routeToHeaders;
      },
      "astro:build:done": ({ dir }) => {
        writeReadings(dir, furiganaOf);
        const lines = [...(headersOf ?? [])].map(([path, { headers }]) => [
          path,
          headers.get("content-security-policy"),
        ]);
        writeFileSync(new URL("./headers.json", outDir), JSON.stringify(Object.fromEntries(lines), null, 2));
      },
    },
  };
}
