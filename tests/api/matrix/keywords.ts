import { randomUUID } from "node:crypto";
import { importAds } from "#analytics/imports/import.ts";
import { readUpload, storeUpload } from "#analytics/imports/uploads.ts";
import type { NounAccess } from "../matrix.ts";
import { member } from "../requests.ts";

export const access: NounAccess = {
  table: `
                            manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/keywords     200         403         403         403         200         in
    GET /staff/keywords.csv 200         403         403         403         200         in
    GET /staff/keywords/counting 200    403         403         403         200         in
    GET /staff/keywords/imports          200         403         403         403         200         in
    GET /staff/keywords/imports/:id      200/-/404   403/-/403   403/-/403   403/-/403   200/-/404   in/-/in
    POST /staff/keywords/imports/:id/undo 303/-/404  403/-/403   403/-/403   403/-/403   303/-/404   in/-/in
    POST /staff/keywords/uploads         303         403         403         403         303         in
    GET /staff/keywords/uploads/:id      200/-/404   403/-/403   403/-/403   403/-/403   200/-/404   in/-/in
    POST /staff/keywords/uploads/:id     303/-/404   403/-/403   403/-/403   403/-/403   303/-/404   in/-/in
    POST /staff/keywords/uploads/:id/import 303/-/404 403/-/403  403/-/403   403/-/403   303/-/404   in/-/in
    GET /staff/keywords/checks 200      403         403         403         200         in
    GET /staff/keywords/lag 200         403         403         403         200         in
    GET /staff/keywords/charts 200      403         403         403         200         in
  `,
  fill: async (path, whose) => {
    if (!path.includes(":id") || whose === "unknown") return path.replace(":id", randomUUID());
    return path.replace(":id", path.includes("/uploads/") ? await freshUpload() : await freshImport());
  },
  forms: { "POST /staff/keywords/uploads": () => ({ file: new File([freshText()], "report.csv") }) },
};

let days = 0;

/** An export of a day that no other has. */
function freshText(): string {
  const day = new Date(Date.UTC(2020, 0, ++days)).toISOString().slice(0, 10);
  return `レポート\n${day}\nキーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用\n入院,岡山,学習,10,1,JPY,100`;
}

async function freshImport(): Promise<string> {
  const [result] = await importAds([{ name: "report.csv", bytes: Buffer.from(freshText()) }]);
  return result?.id ?? "";
}

async function freshUpload(): Promise<string> {
  const manager = await member("manager");
  const id = await storeUpload(manager, { name: "report.csv", bytes: Buffer.from(freshText()) });
  await readUpload(manager, id);
  return id;
}
