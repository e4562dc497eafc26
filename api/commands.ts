/** The commands of the administrator's terminal: which room has them, without loading all rooms for each. */

import type { Commands } from "#db/command.ts";

/** In the order of the usage: the first words of a room's commands, and how to load them. */
const rooms: readonly (readonly [words: readonly string[], load: () => Promise<Commands>])[] = [
  [["sample"], async () => (await import("#api/sample/command.ts")).sampleCommands],
  [["staff"], async () => (await import("#api/staff/command.ts")).staffCommands],
  [["settings"], async () => (await import("#api/settings/command.ts")).settingsCommands],
  [["content"], async () => (await import("#api/content-files/command.ts")).contentCommands],
  [["support-book"], async () => (await import("#api/support-book/command.ts")).supportBookCommands],
  [
    ["doctor"],
    async () =>
      (await import("#api/doctor/command.ts")).doctorCommands(async () => (await import("./jobs.ts")).dueTimes()),
  ],
  [["import-ads"], async () => (await import("#analytics/imports/command.ts")).importCommands],
  [["report"], async () => (await import("#analytics/report-view/command.ts")).keywordCommands],
  [["survey-report"], async () => (await import("#api/surveys/command.ts")).surveyCommands],
  [["newsletter"], async () => (await import("#emails/newsletters/command.ts")).newsletterCommands],
  [["keys", "rotate-key"], async () => (await import("#api/keys/command.ts")).keyCommands],
  [["erase"], async () => (await import("#api/privacy/command.ts")).privacyCommands],
  [["backup"], async () => (await import("#api/backup/command.ts")).backupCommands],
  [["backup", "restore", "import"], async () => (await import("#api/restore/command.ts")).restoreCommands],
  [["export"], async () => (await import("#api/portable/command.ts")).portableCommands],
  [["openapi"], openapiCommands],
];

async function openapiCommands(): Promise<Commands> {
  const { openapiDocument } = await import("./openapi.ts");
  return {
    openapi: {
      usage: "openapi",
      words: [0, 0],
      needsDatabase: false,
      run: async () => ({ value: openapiDocument(), lines: [JSON.stringify(openapiDocument(), null, 2)] }),
    },
  };
}

/** The commands, by name, that a line with this first word may mean: its rooms' or, of a word that none has and of none, all. */
export async function commandsFor(word: string | undefined): Promise<Commands> {
  const meant = rooms.filter(([words]) => word !== undefined && words.includes(word));
  const loaded = await Promise.all((meant.length > 0 ? meant : rooms).map(([, load]) => load()));
  return Object.assign({}, ...loaded) as Commands;
}
