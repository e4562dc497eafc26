/** How a lead came in, and what staff choose when somebody phones or comes to the door. */

/** The channels that a member of staff takes in. */
export const spokenChannel = { phone: "電話", visit: "来所" } as const;

export const leadChannel = { form: "相談フォーム", api: "プログラム", sample: "見本", ...spokenChannel } as const;

/** How a family that phoned is to be answered. `spoken`: in this very conversation, so the promise is kept at once. */
export const answerWay = {
  call_back: "電話をかけ直す",
  email: "メール",
  spoken: "いま話して済んだ",
  none: "返事はいらない",
} as const;

/** Whether the sentence of consent was read aloud and agreed to. */
export const consentAnswer = { given: "同意をもらった", not_asked: "まだ聞いていない" } as const;
