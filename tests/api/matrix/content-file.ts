/** The file of all entries: for managers alone. */

import type { NounAccess } from "../matrix.ts";

export const access: NounAccess = {
  table: `
                                                  manager     coordinator peer      fundraiser analyst   nobody
    GET /staff/content/content.json               200         403         403       403        403       in
    GET /staff/content/file                       200         403         403       403        403       in
    POST /staff/content/file                      303         403         403       403        403       in
  `,
  fill: async (path) => path,
  forms: {
    "POST /staff/content/file": () => ({
      file: new File(['{"format":"komichi-content","version":1,"entries":[]}'], "content.json"),
    }),
  },
};
