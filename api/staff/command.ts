/** Adding and disabling staff from a terminal. */

import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { validate } from "#api/forms/read-form.ts";
import { type CommandAnswer, type Commands, textOption, WrongUsage } from "#db/command.ts";
import { codes } from "#db/terms/codes.ts";
import { role } from "#db/terms/staff.ts";
import { addStaff } from "./add.ts";
import { disableStaff } from "./disable.ts";
import { NewStaff } from "./forms.ts";

export const staffCommands: Commands = {
  "staff add": {
    usage: "staff add --email ADDRESS --name NAME --role ROLE [--password -]   (- reads it from standard input)",
    words: [0, 0],
    options: { email: textOption, name: textOption, role: textOption, password: textOption },
    run: (_, options) => add(options),
  },
  "staff disable": {
    makesNone: true,
    usage: "staff disable EMAIL",
    words: [1, 1],
    run: async ([email = ""]) => {
      await disableStaff(email);
      return { value: { disabled: email }, lines: [`disabled: ${email}`] };
    },
  },
};

/** Adds a member of staff; without --password a random one is made and printed. */
async function add(options: Record<string, string | undefined>): Promise<CommandAnswer> {
  const { email, name } = options;
  const staffRole = codes(role).find((code) => code === options["role"]);
  if (email === undefined || name === undefined) throw new WrongUsage("--email and --name are needed.");
  if (staffRole === undefined) throw new WrongUsage(`--role is one of ${codes(role).join(", ")}`);
  const password = await readPassword(options["password"]);
  const generated = password === undefined ? { password: randomBytes(18).toString("base64url") } : {};
  const person = validate(NewStaff, { email, name, role: staffRole, password, ...generated });
  const { id, totpSecret } = await addStaff(person);
  const value = { id, email: person.email.toLowerCase(), role: staffRole, totp_secret: totpSecret, ...generated };
  return { value, lines: Object.entries(value).map(([field, text]) => `${field}: ${text}`) };
}

/**
 * The password that `--password` gives: "-" is the first line of standard input. Undefined without the
 * option. Throws WrongUsage when that line is empty.
 */
async function readPassword(option: string | undefined): Promise<string | undefined> {
  if (option !== undefined && option !== "-")
    process.stderr.write(
      "WARNING: a password on the command line shows in the process list and in the shell's history. Use --password - and standard input.\n",
    );
  if (option !== "-") return option;
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  for await (const line of lines) {
    lines.close();
    if (line !== "") return line;
    break;
  }
  throw new WrongUsage("--password - reads the password from the first line of standard input, which is empty");
}
