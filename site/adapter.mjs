/**
 * Astro's adapter for this house: the build leaves one function `render(Request, locals)` that
 * api/pages.ts mounts in the Hono application, and the CSP headers of the prerendered pages.
 */
import { writeFileSync } from "node:fs";

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

/** The Astro integration that sets the adapter. */
export function house() {
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
          serverEntrypoint: new URL("./server.ts", import.meta.url),
          adapterFeatures: { buildOutput: "server", staticHeaders: true },
          supportedAstroFeatures: { hybridOutput: "stable", staticOutput: "stable", serverOutput: "stable" },
        });
      },
      "astro:build:generated": ({ routeToHeaders }) => {
        headersOf = routeToHeaders;
      },
      "astro:build:done": () => {
        const lines = [...(headersOf ?? [])].map(([path, { headers }]) => [
          path,
          headers.get("content-security-policy"),
        ]);
        writeFileSync(new URL("./headers.json", outDir), JSON.stringify(Object.fromEntries(lines), null, 2));
      },
    },
  };
}
