import type { NounAccess } from "../matrix.ts";

export const access: NounAccess = {
  table: `
                            manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/keywords     200         403         403         403         200         in
    GET /staff/keywords.csv 200         403         403         403         200         in
    GET /staff/keywords/counting 200    403         403         403         200         in
  `,
};
