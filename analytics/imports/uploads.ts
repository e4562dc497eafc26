/**
 * A file on its way through the browser: stored for a day, read for its preview, and imported once somebody says so.
 * Kept in the database and not in a folder, since the process that imports it may be on another machine. Not sealed: an
 * export holds no more than what importing it stores.
 */

import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { eq, lt, sql } from "drizzle-orm";
import type { AdsSource } from "#analytics/ad-files/source.ts";
import { withoutControls } from "#analytics/controls.ts";
import type { Period } from "#analytics/period.ts";
import { allow, type Staff } from "#db/actor.ts";
import { db, transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { newId } from "#db/random/ids.ts";
import { adUploadParts, adUploads } from "#db/schema/attribution.ts";
import type { ImportStep } from "#db/terms/attribution.ts";
import type { AccountChoice } from "./account.ts";
import { importAds, type ImportOptions, type ImportResult, previewImport } from "./import.ts";
import { type ImportedFile, plainOf } from "./plain.ts";

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];
/** Bytes of a file that one row holds, before compression. */
const partBytes = 1024 * 1024;
/** Characters kept of a file's name. */
const maxName = 200;
/** Hours after which a file that nobody imported is deleted. */
export const uploadHours = 24;
/** Milliseconds without a sign after which reading counts as broken off, such as by a restart. */
const silentMs = 60_000;

/** What somebody said of a file before it was read again. */
export interface UploadChoice extends AccountChoice {
  period?: Period;
}

export interface Upload {
  id: string;
  file: string;
  state: "reading" | "read" | "refused" | "importing" | "imported";
  /** True while `state` says that some process works on it and none has for a minute. */
  isBrokenOff: boolean;
  /** What is done at the moment, while `state` says that something is. */
  step: ImportStep;
  rowsRead: number;
  choice: UploadChoice;
  preview?: ImportedFile;
  refusal?: string;
  /** Of a refused one: saying the account, currency, time zone or period may mend it. */
  needsChoice: boolean;
  importId?: string;
}

/** Stores a file; its id. For managers and analysts. */
export async function storeUpload(staff: Staff, file: { name: string; bytes: Uint8Array }): Promise<string> {
  allow(staff, "manager", "analyst");
  const id = newId();
  const fileName = withoutControls(file.name).slice(0, maxName) || "report.csv";
  await transaction(async (tx) => {
    const { length } = file.bytes;
    await tx.insert(adUploads).values({ id, staffId: staff.id, fileName, bytes: length, state: "reading" });
    for (let part = 0; part * partBytes < length; part++) {
      const content = await zip(file.bytes.subarray(part * partBytes, (part + 1) * partBytes));
      await tx.insert(adUploadParts).values({ uploadId: id, part, content });
    }
  });
  return id;
}

/** Throws NotFound. For managers and analysts. */
export async function openUpload(staff: Staff, id: string): Promise<Upload> {
  allow(staff, "manager", "analyst");
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(id);
  const row = firstOrNotFound(isId ? await db.select().from(adUploads).where(eq(adUploads.id, id)) : []);
  const isWorking = row.state === "reading" || row.state === "importing";
  return {
    id,
    file: row.fileName,
    state: row.state,
    isBrokenOff: isWorking && Date.now() - row.activeAt.getTime() > silentMs,
    step: row.step,
    rowsRead: row.rowsRead,
    choice: {
      account: row.account ?? undefined,
      currency: row.currency ?? undefined,
      timeZone: row.timeZone ?? undefined,
      period: row.periodFrom && row.periodTo ? { from: row.periodFrom, to: row.periodTo } : undefined,
    },
    preview: (row.preview as ImportedFile | null) ?? undefined,
    refusal: row.refusal ?? undefined,
    needsChoice: row.needsChoice,
    importId: row.importId ?? undefined,
  };
}

const unread = {
  state: "reading",
  step: "waiting",
  rowsRead: 0,
  preview: null,
  refusal: null,
  needsChoice: false,
} as const;

/** Keeps what was said of the file, for the next reading. */
export async function chooseForUpload(staff: Staff, id: string, choice: UploadChoice): Promise<void> {
  const { state } = await openUpload(staff, id);
  if (state === "imported" || state === "importing") throw new Refused("このファイルは、すでに取り込まれています。");
  const { account = null, currency = null, timeZone = null, period } = choice;
  const days = { periodFrom: period?.from ?? null, periodTo: period?.to ?? null };
  await transaction((tx) =>
    tx
      .update(adUploads)
      .set({ account, currency, timeZone, ...days, ...unread })
      .where(eq(adUploads.id, id)),
  );
}

const sourceOfUpload = ({ id, file }: Upload): AdsSource => ({
  name: file,
  open: async function* () {
    for (let part = 0; ; part++) {
      const [row] = await db
        .select()
        .from(adUploadParts)
        .where(sql`upload_id = ${id} and part = ${part}`);
      if (!row) return;
      yield await unzip(row.content);
    }
  },
});

/** Notes each step, and now and then how far it is, outside the transaction of the import, so that the page can show it. */
function progressOf(id: string): Pick<ImportOptions, "onProgress"> {
  let noted: { step: ImportStep; at: number } | undefined;
  return {
    onProgress: async (step, rowsRead) => {
      if (noted?.step === step && Date.now() - noted.at < 1000) return;
      noted = { step, at: Date.now() };
      await db.update(adUploads).set({ step, rowsRead, activeAt: new Date() }).where(eq(adUploads.id, id));
    },
  };
}

/** A refused file. Its sentence names options of the command, which the page has fields for. */
const refusedOf = ({ refusal = "", needsChoice = false }: ImportResult) =>
  ({ state: "refused", refusal: refusal.replaceAll(/（--[^）]*）/gu, ""), needsChoice }) as const;

/** Reads an upload for its preview; the upload then says what became of it. Never throws. */
export const readUpload = (staff: Staff, id: string): Promise<void> =>
  working(id, async () => {
    await db.update(adUploads).set({ state: "reading", activeAt: new Date() }).where(eq(adUploads.id, id));
    const upload = await openUpload(staff, id);
    const result = await previewImport(staff, sourceOfUpload(upload), { ...upload.choice, ...progressOf(id) });
    await db
      .update(adUploads)
      .set(result.refusal === undefined ? { state: "read", preview: plainOf(result) } : refusedOf(result))
      .where(eq(adUploads.id, id));
  });

/** Takes an upload for importing. Throws Refused unless it was read and nobody else imports it. */
export async function beginImport(staff: Staff, id: string): Promise<void> {
  const { isBrokenOff } = await openUpload(staff, id);
  const taken = await transaction((tx) =>
    tx
      .update(adUploads)
      .set({ state: "importing", step: "waiting", rowsRead: 0, activeAt: new Date() })
      .where(sql`${adUploads.id} = ${id} and (state = 'read' or (state = 'importing' and ${isBrokenOff}))`)
      .returning({ id: adUploads.id }),
  );
  if (taken.length === 0) throw new Refused("このファイルは、すでに取り込まれているか、まだ読み終わっていません。");
}

/** Imports an upload that `beginImport` took; the upload then says what became of it. Never throws. */
export const importUpload = (staff: Staff, id: string): Promise<void> =>
  working(id, async () => {
    const upload = await openUpload(staff, id);
    const options = { ...upload.choice, ...progressOf(id) };
    const [result] = await importAds([sourceOfUpload(upload)], options, staff);
    const done = { state: "imported", importId: result?.id, preview: result && plainOf(result) } as const;
    await transaction(async (tx) => {
      await tx
        .update(adUploads)
        .set(result?.refusal === undefined ? done : refusedOf(result))
        .where(eq(adUploads.id, id));
      if (result?.refusal === undefined) await tx.delete(adUploadParts).where(eq(adUploadParts.uploadId, id));
    });
  });

/** Milliseconds between two signs of whoever works on an upload: waiting and counting may take longer than `silentMs`. */
const signMs = 10_000;

async function working(id: string, act: () => Promise<void>): Promise<void> {
  const sign = () =>
    void db
      .update(adUploads)
      .set({ activeAt: new Date() })
      .where(eq(adUploads.id, id))
      .catch(() => {});
  const signs = setInterval(sign, signMs).unref();
  try {
    await act();
  } catch (error) {
    log("ad_upload.failed", traceOf(error));
    const refusal = "読んでいる途中で止まりました。しばらくしてから、もう一度読んでください。";
    await db
      .update(adUploads)
      .set({ state: "refused", refusal })
      .where(eq(adUploads.id, id))
      .catch(() => {});
  } finally {
    clearInterval(signs);
  }
}

/** Deletes files that were uploaded a day ago; how many. */
export async function deleteOldUploads(now: Date): Promise<number> {
  const before = new Date(now.getTime() - uploadHours * 3_600_000);
  return (await db.delete(adUploads).where(lt(adUploads.uploadedAt, before))).count;
}
