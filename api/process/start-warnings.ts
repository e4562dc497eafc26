/** What the start warns of in the terminal: mail that leaves and that mail programs would treat worse than it deserves. */

interface Facts {
  /** Mail goes to a mail server, not to files. */
  hasMailServer: boolean;
  origin: string;
  /** Address of the sender. */
  from: string;
}

/** One sentence each, without an end of line. */
export function startWarnings({ hasMailServer, origin, from }: Facts): string[] {
  if (!hasMailServer) return [];
  const isSample = from.endsWith("@example.jp");
  const isPlain = !origin.startsWith("https:");
  return [
    ...(isSample ? ["the sender is still the sample's address; families' mail filters will refuse it."] : []),
    ...(isPlain
      ? [
          `mail leaves from a site without https (${origin}): its links can be read and changed on the way, and newsletters have no one-click unsubscribe (RFC 8058). Set PUBLIC_ORIGIN to an https address.`,
        ]
      : []),
  ];
}
