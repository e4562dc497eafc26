/** PDFs made by hand: small, right, and wrong in one way each. */

interface Made {
  pages?: number;
  /** Points. */
  size?: [number, number];
  /** Extra entries of the trailer, and objects they name (from 90 on). */
  trailer?: string;
  extra?: string[];
  /** Drawn on the first page. */
  drawing?: string;
}

/** A PDF as ISO 32000 means it, with a right table of where its objects stand. */
export function pdf({ pages = 1, size = [595, 842], trailer = "", extra = [], drawing = "" }: Made = {}): Buffer {
  const kids = Array.from({ length: pages }, (_, at) => `${at + 4} 0 R`).join(" ");
  const objects = [
    "1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj",
    `2 0 obj <</Type/Pages/Count ${pages}/Kids[${kids}]>> endobj`,
    `3 0 obj <</Length ${drawing.length}>> stream\n${drawing}\nendstream endobj`,
    ...Array.from(
      { length: pages },
      (_, at) => `${at + 4} 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 ${size.join(" ")}]/Contents 3 0 R>> endobj`,
    ),
    ...extra.map((body, at) => `${pages + 4 + at} 0 obj ${body} endobj`),
  ];
  let text = "%PDF-1.7\n";
  const places = objects.map((object) => {
    const place = text.length;
    text += `${object}\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}`;
  return Buffer.from(
    `${text}${table}trailer <</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${text.length}\n%%EOF\n`,
    "latin1",
  );
}

const half = "00".repeat(32);

/** Asks for a password: its keys fit none. */
export const lockedPdf = () =>
  pdf({
    trailer: `/Encrypt 5 0 R/ID[<${half}><${half}>]`,
    extra: [`<</Filter/Standard/V 1/R 2/P -4/O<${half}>/U<${half}>>>`],
  });

let made = 0;

/** A file as a browser sends it; each another, unless a content is given. */
export const samplePdf = (name = "見本.pdf", content = pdf({ drawing: `% ${++made}` })) =>
  new File([new Uint8Array(content)], name, { type: "application/pdf" });
