/** The settings: for managers alone. */

import sharp from "sharp";
import { settingsHistory } from "#api/settings/history.ts";
import { saveSettings } from "#api/settings/save.ts";
import { storeLogo } from "#api/uploads/store-logo.ts";
import { settings } from "#db/settings/settings.ts";
import type { NounAccess } from "../matrix.ts";

let names = 0;
const unknownId = "00000000-0000-4000-8000-000000000000";
const picture = await sharp({ create: { width: 64, height: 64, channels: 4, background: "#7a1f5c" } })
  .png()
  .toBuffer();
const aLogo = () => storeLogo(picture, null, new Date());

export const access: NounAccess = {
  table: `
                                                  manager     coordinator peer      fundraiser analyst   nobody
    GET /staff/settings                           200         403         403       403        403       in
    GET /staff/settings/name                      200         403         403       403        403       in
    GET /staff/settings/place                     200         403         403       403        403       in
    GET /staff/settings/area                      200         403         403       403        403       in
    GET /staff/settings/logo                      200         403         403       403        403       in
    GET /staff/settings/promises                  200         403         403       403        403       in
    GET /staff/settings/outline                   200         403         403       403        403       in
    GET /staff/settings/sender                    200         403         403       403        403       in
    GET /staff/settings/channels                  200         403         403       403        403       in
    GET /staff/settings/colour                    200         403         403       403        403       in
    GET /staff/settings/readings                  200         403         403       403        403       in
    GET /staff/settings/preview                   200         403         403       403        403       in
    GET /staff/settings/backups                   200         403         403       403        403       in
    GET /staff/settings/file                      200         403         403       403        403       in
    GET /staff/settings/sample                    200         403         403       403        403       in
    GET /staff/settings/first-run                 200         403         403       403        403       in
    GET /staff/settings/first-run/place           200         403         403       403        403       in
    GET /staff/settings/first-run/promise         200         403         403       403        403       in
    POST /staff/settings/sample                   409         403         403       403        403       in
    GET /staff/settings/real                      200         403         403       403        403       in
    GET /staff/settings/settings.json             200         403         403       403        403       in
    GET /staff/settings/history                   200         403         403       403        403       in
    GET /staff/settings/history/:id               200/-/404   403/-/403   403/-/403 403/-/403  403/-/403 in/-/in
    POST /staff/settings/history/:set             303/-/404   403/-/403   403/-/403 403/-/403  403/-/403 in/-/in
    GET /staff/settings/logo/:id/logo.png         200/-/404   403/-/403   403/-/403 403/-/403  403/-/403 in/-/in
    POST /staff/settings/logo                     303         403         403       403        403       in
    POST /staff/settings/logo/removal             303         403         403       403        403       in
    POST /staff/settings/file                     303         403         403       403        403       in
    POST /staff/settings/confirmations            303         403         403       403        403       in
    POST /staff/settings/real                     409         403         403       403        403       in
    POST /staff/settings/first-run/:step          303         403         403       403        403       in
    POST /staff/settings/:section                 303         403         403       403        403       in
  `,
  fill: async (path, whose, people) => {
    const filled = path.replace(":step", "place").replace(":section", "name");
    if (filled.includes("/logo/:id")) return filled.replace(":id", whose === "unknown" ? unknownId : await aLogo());
    if (!/:(?:id|set)$/u.test(filled)) return filled;
    if (whose === "unknown") return filled.replace(/:(?:id|set)$/u, unknownId);
    const { manager } = people.byRole;
    await saveSettings(manager, { "legal_name.ja": `法人 ${++names}` }, settings().given);
    const [last] = await settingsHistory(manager);
    return filled.replace(/:(?:id|set)$/u, last?.setId ?? "");
  },
  forms: {
    "POST /staff/settings/history/:set": () => ({ shown: "{}" }),
    "POST /staff/settings/logo": () => ({ file: new File([new Uint8Array(picture)], "logo.png") }),
    "POST /staff/settings/file": () => ({ file: new File(["{}"], "settings.json") }),
    "POST /staff/settings/confirmations": () => ({ what: "confirmed.vault_key" }),
    "POST /staff/settings/first-run/:step": () => ({ shown: "{}" }),
    "POST /staff/settings/:section": () => ({ shown: "{}" }),
  },
};
