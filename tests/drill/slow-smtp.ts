/** A mail server that answers slowly, is silent, refuses for now, hangs after the text or hangs up with the text in its hands. */

import { Load, refusalsOf, unclearOf } from "./frame/clients.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { examine } from "./frame/examine.ts";
import { drain } from "./frame/ledger.ts";
import { type Stage, staged } from "./frame/stage.ts";

export const slowSmtp: Drill = {
  about: "a mail server that is slow or silent, refuses for now, hangs, and hangs up with the text in its hands",
  sizes: { requests: 400, seed: 7, clients: 16 },
  short: { requests: 40, clients: 6 },
  run: (how) => staged((stage) => run(stage, how)),
};

async function run(stage: Stage, how: How): Promise<Outcome> {
  stage.startMailServer(how.isShort ? "moody" : "slow");
  const { port } = await stage.start();
  const load = new Load(how, [port]);
  await load.run();
  how.say(`all ${load.accepted.size} requests answered; waiting for the mails …`);
  const seconds = await drain(stage, how);
  const outcome = await examine(stage, load.accepted.values(), {
    counts: { ...refusalsOf(load), "seconds until the last mail": seconds },
    losses: unclearOf(load),
  });
  const { repeats } = outcome;
  // Without any, the mail server was not as bad as it should have been.
  return repeats > 0 ? outcome : { ...outcome, losses: [...outcome.losses, "no mail came twice"] };
}
