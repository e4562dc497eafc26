import { fileURLToPath } from "node:url";
import node, { getAdapter } from "@astrojs/node";
import { defineConfig } from "astro/config";

/** The rooms behind the site stay outside its bundle, so that pages and routes share one instance. */
const keepRoomsOutside = {
  name: "keep-rooms-outside",
  enforce: "pre",
  apply: "build", // not while the content is read: that is no bundle
  resolveId: (source) => (/^#(?:api|db|emails|analytics)\//u.test(source) ? { id: source, external: true } : undefined),
};

/** @astrojs/node, but for its entry: site/server.ts renders a page to a Response, which the page store keeps. */
function adapter() {
  const middleware = node({ mode: "middleware" });
  const setAdapter = ({ setAdapter: set }) =>
    set({
      ...getAdapter({ staticHeaders: false }),
      serverEntrypoint: fileURLToPath(new URL("site/server.ts", import.meta.url)),
    });
  return { ...middleware, hooks: { ...middleware.hooks, "astro:config:done": setAdapter } };
}

export default defineConfig({
  srcDir: "./site",
  publicDir: "./site/public",
  outDir: "./dist",
  output: "server",
  adapter: adapter(),
  session: false,
  trailingSlash: "never",
  compressHTML: true,
  // One response carries a public page whole: no second round trip on a slow line.
  build: { inlineStylesheets: "always" },
  // The CSP of every page, with hashes of its styles; api/http/guard.ts adds what a header alone can say.
  security: {
    checkOrigin: false, // api/http/guard.ts does it for every unsafe method, Astro's or not
    csp: {
      directives: [
        "default-src 'none'",
        "img-src 'self'",
        "font-src 'none'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
      ],
    },
  },
  // Phones of 2019 still open these pages: no newer CSS syntax than theirs.
  vite: { build: { cssTarget: ["safari13", "chrome80"] }, plugins: [keepRoomsOutside] },
  devToolbar: { enabled: false },
});
