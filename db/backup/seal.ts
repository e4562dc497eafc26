/**
 * Sealing what leaves for a backup: compressed with zstd, then encrypted in the age format (age-encryption.org/v1) for
 * the backup's key. Standard tools open it without this product: `age -d -i identity.txt FILE | zstd -d`.
 */

import { pipeline, Readable, type Transform } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { Decrypter, Encrypter } from "age-encryption";
import { Refused } from "#db/errors.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { backupIdentity, backupKey, backupKeys, backupRecipient } from "./keys.ts";

/** What every sealed object's name ends with. */
export const sealedSuffix = ".zst.age";

type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Compresses and encrypts a stream for the newest key of the backup. Memory stays flat. */
export async function* sealStream(plain: Bytes): AsyncGenerator<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await backupRecipient(backupKey()));
  const compressed = through(Readable.from(plain, { objectMode: false }), createZstdCompress());
  yield* await encrypter.encrypt(Readable.toWeb(compressed) as ReadableStream<Uint8Array>);
}

/** Bytes of a backup are not those that were written. The message begins with the object's name once somebody knows it. */
export class Damaged extends Error {
  override name = "Damaged";
}

/** What is the matter with an object whose bytes do not open, after its name. */
export const altered = "was altered or cut off";

/**
 * Opens what `sealStream` made. Throws Refused when no key here fits, Damaged when the bytes were altered or cut off, and what
 * the source throws.
 */
export async function* openStream(sealed: Bytes): AsyncGenerator<Uint8Array> {
  let sourceError: unknown;
  const source = async function* () {
    try {
      yield* sealed;
    } catch (error) {
      sourceError = error;
      throw error;
    }
  };
  try {
    yield* opened(source());
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    throw error instanceof Refused ? error : new Damaged(altered, { cause: error });
  }
}

async function* opened(sealed: Bytes): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  for (const key of backupKeys()) decrypter.addIdentity(backupIdentity(key));
  const encrypted = Readable.toWeb(Readable.from(sealed, { objectMode: false })) as ReadableStream<Uint8Array>;
  const compressed = await decrypter.decrypt(encrypted).catch((error: unknown) => {
    throw /no identity matched/iu.test(String(error)) ? new Refused(wrongKey()) : error;
  });
  yield* through(Readable.fromWeb(compressed as never), createZstdDecompress());
}

/** Which key that is here opens what `sealStream` made; undefined where none does. Reads no more than its beginning. */
export async function openingKey(sealed: Uint8Array): Promise<Buffer | undefined> {
  for (const key of backupKeys()) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(backupIdentity(key));
    const encrypted = Readable.toWeb(Readable.from([sealed], { objectMode: false })) as ReadableStream<Uint8Array>;
    // Any error speaks of these bytes: another key's, or altered ones.
    const opened = await decrypter.decrypt(encrypted).catch(() => undefined);
    await opened?.cancel();
    if (opened) return key;
  }
  return undefined;
}

/** What comes out of a transformation; an error of the source is one of the result too, which `pipe` alone forgets. */
function through(source: Readable, transformation: Transform): AsyncIterable<Uint8Array> & Readable {
  pipeline(source, transformation, () => {}); // the error is thrown to whoever reads
  return transformation;
}

/** Why something stays closed, and what to do. */
export function wrongKey(): string {
  const enter = "npm run -s cli -- keys enter backup";
  const here = backupKeys().map((key) => `key id ${keyIdOf(key)}`);
  if (here.length === 0) return `There is no key for backups here yet. Type it in from its paper: ${enter}`;
  return `No key for backups that is here opens this backup (here: ${here.join(", ")}). Another one, of before a rotation, can be typed in from its paper: ${enter}`;
}

/** A small object at once. */
export const sealObject = async (plain: Uint8Array): Promise<Buffer> => buffer(sealStream([plain]));

/** Opens a small object; throws as `openStream` does. */
export const open = async (sealed: Uint8Array): Promise<Buffer> => buffer(openStream([sealed]));
