/** The sentences people agree to, stored with what they sent exactly as shown. */

import type { Settings } from "#db/settings/settings.ts";

const doubleOptIn = "登録は、あとで届く確認メールのボタンを押したときに完了します。いつでもやめられます。";

const ja = (s: Settings) => ({
  /** The words a person agrees to when asking for help; stored with the consultation exactly as shown. */
  consultation: `お子さんの病気や暮らしについて書いたこと（法律で「要配慮個人情報」とされる、とくに大切な情報を含みます）を、${s.name.ja}の相談担当者が読み、お返事と支援のためだけに使い、保管することに同意します。`,
  /** The words that staff read aloud when somebody phones or comes to the door; stored with the consultation exactly as read. */
  spoken: "お聞きしたことを、相談の担当者が読み、お返事と支援のためだけに使い、保管します。よろしいですか",
  /** The words that brothers, sisters, grandparents and other relatives agree to. */
  relative: `わたしや、病気のある子どもと家族について書いたこと（法律で「要配慮個人情報」とされる、とくに大切な情報を含みます）を、${s.name.ja}の相談担当者が読み、お返事と支援のためだけに使い、保管することに同意します。`,
  /** The words that somebody agrees to who is ill; written so that a teenager understands what is agreed to. */
  self: `わたしが書いたこと（自分の病気や体のことなど、法律で「要配慮個人情報」とされる、とくに大切な情報を含みます）を、${s.name.ja}の相談担当者が読んで、返事と手伝いのためだけに使い、保管することに同意します。`,
  /** The words a professional agrees to when asking about somebody they support. */
  professional: `お子さんやご家族がだれのことか分かる内容（名前、学校名、病院名など）を書いていないことを確かめました。書いたことを、${s.name.ja}の相談担当者が読み、お返事と支援のためだけに使い、保管することに同意します。`,
  /** The words a person agrees to on the newsletter's own page. */
  newsletter: `選んだお知らせを、${s.name.ja}からこのメールアドレスで受け取ることに同意します。${doubleOptIn}`,
  /** What saving the choice of lists means, on the page behind a link in every issue. */
  preferences: `チェックを入れたお知らせを、${s.name.ja}からこのメールアドレスで受け取ることに同意します。チェックのないお知らせは受け取りません。いつでもやめられます。`,
  /** The words a person agrees to when ticking the newsletter box beside a guide. */
  guideNewsletter: `このメールアドレスで、${s.name.ja}のメールマガジン（月に1回ほど）も受け取ることに同意します。${doubleOptIn}`,
});

type Consents = ReturnType<typeof ja>;

const easyDoubleOptIn = "あとでメールが届きます。そのメールのボタンをおすと、始まります。いつでも、やめられます。";
const enDoubleOptIn = "It begins only when I press the button in a mail that will follow. I can leave at any time.";

/** Words are read aloud in Japanese alone. */
const easy = (s: Settings): Consents => ({
  ...ja(s),
  newsletter: `えらんだお知らせを、${s.name.easy}からこのメールアドレスで受けとります。わたしは、それでいいです。${easyDoubleOptIn}`,
  preferences: `しるしをつけたお知らせを、${s.name.easy}からこのメールアドレスで受けとります。わたしは、それでいいです。しるしのないお知らせは、受けとりません。いつでも、やめられます。`,
  guideNewsletter: `このメールアドレスで、${s.name.easy}のお知らせのメール（日本語。1か月に1回くらい）も受けとります。わたしは、それでいいです。${easyDoubleOptIn}`,
  consultation: `わたしが書いたことを、${s.name.easy}の相談の人が読みます。子どもの病気のことなど、とても大切なことも読みます。返事と手伝いのためだけに使います。なくさないように残します。わたしは、それでいいです。`,
  relative: `わたしが書いたことを、${s.name.easy}の相談の人が読みます。病気の子どもと家族のことなど、とても大切なことも読みます。返事と手伝いのためだけに使います。なくさないように残します。わたしは、それでいいです。`,
  self: `わたしが書いたことを、${s.name.easy}の相談の人が読みます。わたしの病気のことなど、とても大切なことも読みます。返事と手伝いのためだけに使います。なくさないように残します。わたしは、それでいいです。`,
  professional: `子どもや家族の名前、学校の名前、病院の名前は書いていません。わたしが書いたことを、${s.name.easy}の相談の人が読みます。返事と手伝いのためだけに使います。なくさないように残します。わたしは、それでいいです。`,
});

/** Words are read aloud in Japanese alone. */
const en = (s: Settings): Consents => ({
  ...ja(s),
  newsletter: `I agree to receive what I chose from ${s.name.en}, in Japanese, at this e-mail address. ${enDoubleOptIn}`,
  preferences: `I agree to receive what is ticked from ${s.name.en}, in Japanese, at this e-mail address, and nothing that is not ticked. I can leave at any time.`,
  guideNewsletter: `I agree to receive the newsletter of ${s.name.en}, in Japanese and about once a month, at this e-mail address as well. ${enDoubleOptIn}`,
  consultation: `I agree that the coordinators of ${s.name.en} read what I wrote about my child's illness and our life (sensitive personal information under Japanese law), use it only to reply and to support us, and keep it.`,
  relative: `I agree that the coordinators of ${s.name.en} read what I wrote about myself, the child who is ill and our family (sensitive personal information under Japanese law), use it only to reply and to support us, and keep it.`,
  self: `I agree that the coordinators of ${s.name.en} read what I wrote, also about my illness and my body (sensitive personal information under Japanese law), use it only to reply and to support me, and keep it.`,
  professional: `I have made sure that nothing I wrote shows who the child or the family is (names, school, hospital). I agree that the coordinators of ${s.name.en} read it, use it only to reply and to support, and keep it.`,
});

export const consents = { ja, easy, en };
