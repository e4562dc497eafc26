/** What staff read about pictures of entries. */

export const pictureWords = {
  noFile: "画像のファイルを選んでください。",
  altMissing: "画像に何が写っているかを、出す言語のことばで入力してください。見られない方に、読み上げて伝わります。",
  altLong: "200 文字までで入力してください。",
  focalPoint: "切りぬくときに残すところを選んでください。",
  noDrawing: "絵を選び直してください。",
  changedMeanwhile: "ほかの人が、この項目を変えました。いまの内容を確かめてから、もう一度保存してください。",
} as const;

/** What the page says afterwards, by the code in `?done=`. */
export const pictureNotices = {
  picture_uploaded: "画像を保存しました。同意がいる画像は、同意を記録すると出ます。",
  picture_described: "画像の説明を保存しました。",
  picture_removed: "画像を外しました。前の画像のアドレスは、もう開けません。",
} as const;
