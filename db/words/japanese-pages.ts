/** Longer sentences of public pages that exist in Japanese alone, but for the replaceable sections (sections/). */

/** The page shown when the site itself is broken. */
export const broken = {
  writing:
    "相談を送っている途中だった方は、前の画面に戻ると、書いた文章が残っていることがあります。受付番号の画面が出ていなければ、まだ届いていないかもしれません。前の画面からもう一度送ってください。二重にはなりません。",
};
