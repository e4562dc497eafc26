/** Where backups lie: a folder, or a bucket that speaks S3. Objects are written whole or not at all. */

import { env } from "#db/env.ts";
import { openBucket } from "./bucket.ts";
import { openFolder } from "./folder.ts";
import { requirePlace } from "./place.ts";

export interface StoredObject {
  /** Name below the store's root, with slashes. */
  name: string;
  bytes: number;
  writtenAt: Date;
}

export interface ObjectStore {
  /** For people: the folder's path, or the bucket's name and host. */
  description: string;
  /** The folder's path; undefined for a bucket. */
  folder?: string;
  /** Writes an object whole, in place of an earlier one of that name. */
  put: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Throws NotFound. */
  get: (name: string) => Promise<Buffer>;
  /** All objects whose names begin so, by name. */
  list: (prefix: string) => Promise<StoredObject[]>;
  /** Deletes it; does nothing where it is gone. */
  delete: (name: string) => Promise<void>;
  /** Deletes what killed processes left of objects that they had begun before this moment; undefined where nothing can be left. */
  deleteUnfinished?: (before: Date) => Promise<void>;
}

/** Begins the names of the exports that are taken as backups (api/backup/exports.ts). */
export const exportsPrefix = "exports/";

/** The store that the environment names: a bucket when BACKUP_S3_BUCKET is set, otherwise the folder BACKUP_DIR, to which nothing is written while its disk is away. */
export function configuredStore(): ObjectStore {
  const { BACKUP_S3_ENDPOINT: endpoint, BACKUP_S3_BUCKET: bucket } = env;
  const { BACKUP_S3_ACCESS_KEY_ID: accessKeyId, BACKUP_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (bucket === undefined && endpoint === undefined) {
    const folder = openFolder(env.BACKUP_DIR);
    return { ...folder, put: (name, bytes) => requirePlace().then(() => folder.put(name, bytes)) };
  }
  if (!endpoint || !bucket || !accessKeyId || !secretAccessKey)
    throw new Error(
      "Backups to a bucket need all four of BACKUP_S3_ENDPOINT, BACKUP_S3_BUCKET, BACKUP_S3_ACCESS_KEY_ID and BACKUP_S3_SECRET_ACCESS_KEY.",
    );
  const { BACKUP_S3_REGION: region, BACKUP_S3_PREFIX: prefix } = env;
  return openBucket({ endpoint, bucket, region, prefix, accessKeyId, secretAccessKey });
}
