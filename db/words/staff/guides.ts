/** Longer hints of the staff pages about guides. */

export const staffGuideWords = {
  summary: "一覧と資料のページに出ます。何が分かる資料かを、一つか二つの文で書いてください。",
  slug: "「/guides/」のあとに続く文字です。半角の英小文字と数字を「-」でつなぎます。例: school-meals。空のままなら、自動で決まります。あとから変えられません。",
};
