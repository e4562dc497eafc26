/** Importing an export into an empty installation: all of it is checked first, and compared with the export in the end. */

import { sql } from "drizzle-orm";
import { Damaged } from "#db/backup/seal.ts";
import { connectAsOwner, type Db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
import { migrate, migrateUpTo, refuseNewer } from "#db/migrate.ts";
import { vaultKeyStore } from "#db/vault/stored-keys.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { readTables } from "./catalog.ts";
import { installDataFile } from "./data-files.ts";
import { drain, measuring } from "./export.ts";
import type { ExportSource } from "./folder.ts";
import { loadRows } from "./load.ts";
import { ExportManifest, tableFile } from "./manifest.ts";
import { clear, refuseUsed } from "./target.ts";

interface Options {
  /** Of the database, with its owner's rights. Nothing else may be connected to it. */
  url: string;
  /** Where its files go. */
  dataDir?: string;
  /** Tells what goes on, a sentence at a time. */
  onStep?: (sentence: string) => void;
}

/**
 * Brings the database to the export's version, loads its rows, compares them by count and hash, brings it up to this version
 * and puts the files into `dataDir`. Throws Refused, before anything is written, when the export is open, damaged or newer than
 * this product, when a key is not here, or when the installation is in use. What is thrown later leaves it as empty as it was.
 */
export async function importExport(
  source: ExportSource,
  { url, dataDir = env.DATA_DIR, onStep = () => {} }: Options,
): Promise<ExportManifest> {
  const manifest = await checkExport(source);
  onStep("every file is as its hash says");
  const owner = connectAsOwner(url);
  try {
    await refuseUsed(owner);
    await prepare(owner, url, manifest);
    await loadRows(owner, source, manifest, (name, rows) => onStep(`${name}: ${rows}`));
    onStep("every table holds what the export holds, by count and hash");
    await migrate(url);
    await owner.execute(sql`analyze`);
  } finally {
    await disconnect(owner);
  }
  for (const name of Object.keys(manifest.files)) await installDataFile(dataDir, name, source.file(name));
  return manifest;
}

/** The manifest of an export that can be imported here: with the keys that are here, and each file as its hash says. Throws Refused. */
export async function checkExport(source: ExportSource): Promise<ExportManifest> {
  const manifest = await readManifest(source);
  refuseWithoutKeys(manifest);
  await checkHashes(source, manifest);
  return manifest;
}

/** Throws Refused for what cannot be imported here at all. */
async function readManifest(source: ExportSource): Promise<ExportManifest> {
  const parsed = ExportManifest.safeParse(jsonOf(await textOf(source)));
  if (!parsed.success)
    throw new Refused(
      `The manifest of ${source.description} is damaged, or of a newer version of the product. Nothing was changed.${insteadOf(source)}`,
    );
  const { isOpen, migrations, version } = parsed.data;
  if (isOpen)
    throw new Refused(
      "This is an open copy, made for reading (export --open). Only an export without --open can be imported.",
    );
  refuseNewer("This export", migrations, version);
  return parsed.data;
}

/** The manifest as text; nothing, which no manifest is, of one that does not open. */
async function textOf(source: ExportSource): Promise<string> {
  try {
    return await source.manifest();
  } catch (error) {
    if (error instanceof Damaged) return "";
    throw error;
  }
}

/** Undefined where it is no JSON, or names `__proto__`, which would be left out without a word. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === "__proto__") throw new SyntaxError(key);
      return value;
    });
  } catch {
    return undefined;
  }
}

/** Throws Refused when something in the export lies under a key that is not here. */
function refuseWithoutKeys({ vaultKeys }: ExportManifest): void {
  const here = vaultKeyStore.keys().map(keyIdOf);
  const missing = vaultKeys.filter((id) => !here.includes(id));
  if (missing.length > 0)
    throw new Refused(
      `The vault's key that sealed this export is not here (key id ${missing.join(", ")}). Type it in from its paper (npm run -s cli -- keys enter vault), set VAULT_KEY or put vault.key into DATA_DIR, and run import again. Nothing was changed.`,
    );
}

/** Throws Refused when a file is missing, or is not what the manifest says. */
async function checkHashes(source: ExportSource, { tables, files }: ExportManifest): Promise<void> {
  const ofTables = Object.entries(tables).map(([name, measured]) => [tableFile(name), measured] as const);
  for (const [name, { bytes, sha256 }] of [...ofTables, ...Object.entries(files)]) {
    const measure = measuring();
    try {
      await drain(measure.pass(source.file(name)));
    } catch (error) {
      if (error instanceof Damaged) throw changed(source, name);
      throw new Refused(
        `${name} of the export cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}). Nothing was changed.${insteadOf(source)}`,
      );
    }
    const found = measure.result();
    if (found.bytes !== bytes || found.sha256 !== sha256) throw changed(source, name);
  }
}

const changed = (source: ExportSource, name: string) =>
  new Refused(
    `${name} of the export was changed or damaged: its hash is another. Nothing was changed.${insteadOf(source)}`,
  );

const insteadOf = ({ otherwise }: ExportSource) => (otherwise === undefined ? "" : ` ${otherwise}`);

/** The tables of the export's version, with nothing in them but what its migrations write. */
async function prepare(owner: Db, url: string, { migrations }: ExportManifest): Promise<void> {
  const newest = migrations.at(-1);
  if (!newest) throw new Error("an export without migrations");
  if ((await readTables(owner)).length > 0) await clear(owner);
  await migrateUpTo(url, newest);
}
