/** A real SMTP server in the process that fails in the way a test chooses. */

import type { AddressInfo, Socket } from "node:net";
import { SMTPServer } from "smtp-server";

interface Received {
  from: string;
  to: string[];
  text: string;
}

/** How the server fails with the next messages; without any it accepts them. */
export interface Faults {
  /** Refuse the recipient with this code. */
  recipient?: number;
  /** Read the whole text, then refuse it with this code. */
  text?: number;
  /** Read the whole text, then hang up instead of answering. */
  hangUpAfterText?: boolean;
  /** Hang up when the recipient is named, before any text. */
  hangUpBeforeText?: boolean;
}

const refusal = (code: number) => Object.assign(new Error(`refused <nobody@example.jp>`), { responseCode: code });

/** Starts a server on a free port of the loopback, or on the given one. */
export async function openSmtpServer(faults: Faults = {}, port = 0) {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    // Otherwise the library refuses quoted local parts such as "a..b": it looks for ".." inside the quotes too.
    lenientAddressParsing: true,
    onRcptTo: (_address, _session, done) => {
      if (faults.hangUpBeforeText) return dropConnections();
      done(faults.recipient === undefined ? null : refusal(faults.recipient));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (faults.hangUpAfterText) return dropConnections();
        if (faults.text !== undefined) return done(refusal(faults.text));
        received.push({
          from: session.envelope.mailFrom ? session.envelope.mailFrom.address : "",
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString("utf8"),
        });
        done();
      });
    },
  });
  server.on("error", () => {});
  server.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    faults,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        dropConnections();
      }),
  };
}
