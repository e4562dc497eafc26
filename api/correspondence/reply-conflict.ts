/** What happened in a case while somebody wrote a reply, so that its refusal can say who did what and when. */

import { and, desc, eq, gt, isNull, ne } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { isHolding } from "#api/holders/responsible.ts";
import type { Staff } from "#db/actor.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { assignments, closures } from "#db/schema/cases.ts";
import { messages } from "#db/schema/messages.ts";
import { staff as people } from "#db/schema/staff.ts";
import { closureReason, type CaseState } from "#db/terms/cases.ts";
import type { ReplyForm } from "./reply-forms.ts";

/** So many messages are named at most, the newest ones; all of them stand in the timeline. */
const mostNamed = 3;

/**
 * Throws Refused when something happened that the writer's page had not shown: the family or a colleague wrote after
 * `form.latest`, the case was closed, or, where the form says whom the page showed as responsible (`form.held_by`,
 * or "nobody"), a colleague became so. The sentence names who, what and when. The case is locked by the caller.
 */
export async function refuseIfChanged(
  tx: Executor,
  { id, state }: { id: string; state: CaseState },
  form: Pick<ReplyForm, "latest" | "held_by">,
  writer: Pick<Staff, "id">,
): Promise<void> {
  const isClosed = state === "closed";
  const happened = [
    ...(isClosed ? await closureIn(tx, id) : []),
    ...(await newHolder(tx, id, form.held_by, writer)),
    ...(await newMessages(tx, id, form.latest, writer)),
  ];
  if (isClosed) throw new Refused(`${happened.join("")}送るときは、先に再開してください。書いた文章は残っています。`);
  if (happened.length > 0)
    throw new Refused(
      `お返事を書いているあいだに、${happened.join("")}いまの内容を確かめて、もう一度送ってください。書いた文章は残っています。`,
    );
}

async function closureIn(tx: Executor, caseId: string): Promise<string[]> {
  const [row] = await tx
    .select({ by: people.name, at: closures.closedAt, reason: closures.reason })
    .from(closures)
    .innerJoin(people, eq(people.id, closures.closedBy))
    .where(and(eq(closures.caseId, caseId), isNull(closures.reopenedAt)))
    .orderBy(desc(closures.closedAt))
    .limit(1);
  if (row === undefined) return ["終了した相談です。"];
  return [`${row.by}さんが ${formatDateTime(row.at)} に終了しました（${closureReason[row.reason]}）。`];
}

/** A colleague who became responsible after the page was shown; nobody, where the writer is responsible. */
async function newHolder(
  tx: Executor,
  caseId: string,
  heldBy: string | undefined,
  writer: Pick<Staff, "id">,
): Promise<string[]> {
  if (heldBy === undefined) return [];
  const giver = alias(people, "giver");
  const [row] = await tx
    .select({
      id: people.id,
      name: people.name,
      at: assignments.assignedAt,
      giverId: assignments.assignedBy,
      giver: giver.name,
    })
    .from(assignments)
    .innerJoin(people, eq(people.id, assignments.staffId))
    .innerJoin(giver, eq(giver.id, assignments.assignedBy))
    .where(
      and(
        eq(assignments.caseId, caseId),
        eq(assignments.role, "responsible"),
        ne(assignments.staffId, writer.id),
        isHolding,
      ),
    );
  if (row === undefined || row.id === heldBy) return [];
  const when = formatDateTime(row.at);
  return [
    row.giverId === row.id
      ? `${row.name}さんが ${when} に引き受けました。`
      : `${row.giver}さんが ${when} に${row.name}さんに引き継ぎました。`,
  ];
}

async function newMessages(tx: Executor, caseId: string, latest: string, writer: Pick<Staff, "id">): Promise<string[]> {
  const newer = await tx
    .select({ id: messages.id, staffId: messages.staffId, by: people.name, at: messages.writtenAt })
    .from(messages)
    .leftJoin(people, eq(people.id, messages.staffId))
    // Ids are time-ordered. What is no id is of no message, so that everything is new.
    .where(and(eq(messages.caseId, caseId), isId(latest) ? gt(messages.id, latest) : undefined))
    .orderBy(desc(messages.id))
    .limit(mostNamed);
  return newer.toReversed().map(({ staffId, by, at }) => {
    const when = formatDateTime(at);
    if (staffId === null) return `ご家族から ${when} に書き足しが届きました。`;
    return `${staffId === writer.id ? "自分" : `${by ?? ""}さん`}が ${when} にお返事を送りました。`;
  });
}
