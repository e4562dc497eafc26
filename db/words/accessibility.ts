/** The page on accessibility, but for its replaceable sections (sections/accessibility.ts). */

const ja = {
  title: "アクセシビリティ",
  description: "どなたにも使えるサイトにするための目標、確かめ方、まだできていないことを書きました。",
  headings: {
    goal: "目標",
    checks: "確かめ方",
    doing: "していること",
    missing: "まだできていないこと",
    report: "使いにくいところがあったら",
  },
  changed: "このページを最後に直したのは、2026年11月28日です。",
};

type Accessibility = typeof ja;

const easy: Accessibility = {
  title: "使いやすさのこと",
  description: "だれでも使えるサイトにするために、していることと、まだできないことを書きました。",
  headings: {
    goal: "したいこと",
    checks: "調べ方",
    doing: "していること",
    missing: "まだできないこと",
    report: "使いにくいとき",
  },
  changed: "2026年11月28日に、このページを直しました。",
};

const en: Accessibility = {
  title: "Accessibility",
  description: "What this site aims for so that everybody can use it, how we check it, and what is still missing.",
  headings: {
    goal: "What we aim for",
    checks: "How we check it",
    doing: "What we do",
    missing: "What is still missing",
    report: "If something is hard to use",
  },
  changed: "This page was last changed on 28 November 2026.",
};

export const accessibility = { ja, easy, en };
