/** A process that exports one database and imports it into another: node move.ts FROM FOLDER TO. */

import { writeExport } from "#api/portable/export.ts";
import { folderSink, folderSource } from "#api/portable/folder.ts";
import { importExport } from "#api/portable/import.ts";

const [from = "", folder = "", to = ""] = process.argv.slice(2);
await writeExport(await folderSink(folder), { url: from });
await importExport(folderSource(folder), { url: to });
