/** The mail that tells of a reply, and says nothing of what it says. */

import type { Settings } from "#db/settings/settings.ts";
import { contactUs } from "#db/settings/wording.ts";

const ja = (s: Settings) => ({
  subject: `【${s.name.ja}】お返事を書きました`,
  title: "お返事を書きました",
  lead: "下のページで、受付番号と受付コードを入れてお読みください。書き足すこともできます。",
  reference: "受付番号",
  link: "お返事を読む",
  lost: `受付コードが分からないときは、${contactUs("ja", s)}。`,
});

type Words = ReturnType<typeof ja>;

const easy = (s: Settings): Words => ({
  subject: `【${s.name.easy}】返事を書きました`,
  title: "返事を書きました",
  lead: "下のページを開いてください。受付番号と受付コードを入れると、読めます。",
  reference: "受付番号",
  link: "返事を読む",
  lost: `受付コードがわからないときは、${contactUs("easy", s)}。`,
});

const en = (s: Settings): Words => ({
  subject: `[${s.name.en}] We have replied`,
  title: "We have replied",
  lead: "Enter your reference number and receipt code on the page below to read it. You can write more there, too.",
  reference: "Reference number",
  link: "Read our reply",
  lost: `If you do not know your receipt code, ${contactUs("en", s)}.`,
});

export const replyNotice = { ja, easy, en };
