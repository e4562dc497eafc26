/** The same site as Astro's own server sends it (@astrojs/node, mode standalone), for `npm run bench` to compare with. */

import { fileURLToPath } from "node:url";
import node from "@astrojs/node";
import config from "../../astro.config.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What api/pages/site.ts puts into the locals of every page. */
const locals = {
  name: "locals-for-the-bench",
  hooks: {
    "astro:config:setup": ({ addMiddleware }) =>
      addMiddleware({ entrypoint: new URL("standalone-locals.ts", import.meta.url), order: "pre" }),
  },
};

export default {
  ...config,
  root: at("../.."),
  srcDir: at("../../site"),
  publicDir: at("../../site/public"),
  outDir: at("../../dist/bench"),
  adapter: node({ mode: "standalone" }),
  integrations: [locals],
};
