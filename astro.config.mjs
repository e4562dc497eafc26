import { defineConfig } from "astro/config";
import { house } from "./api/web/adapter.mjs";
import { furiganaOf } from "./site/furigana/page.ts";

export default defineConfig({
  srcDir: "./site",
  publicDir: "./site/public",
  outDir: "./dist",
  output: "static",
  adapter: house({ furiganaOf }),
  trailingSlash: "never",
  compressHTML: true,
  // One response carries a public page whole: no second round trip on a slow line.
  build: { inlineStylesheets: "always", format: "file" },
  // The CSP of every page, with hashes of its styles; api/web/pages.ts adds what a header alone can say.
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
  vite: { build: { cssTarget: ["safari13", "chrome80"] } },
  devToolbar: { enabled: false },
});
