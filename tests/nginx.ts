/** nginx from Debian, where it is installed: the example configuration of api/deploy on a free port. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#db/cluster/address.ts";

const program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx"].find((path) =>
  existsSync(path),
);
const brotli = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";
/** Whether there is an nginx with what the example needs. */
export const hasNginx = program !== undefined && existsSync(brotli);
const deploy = new URL("../api/deploy/", import.meta.url);

export interface Nginx {
  port: number;
  process: ChildProcess;
  stop: () => Promise<void>;
}

/** The example's site over the pages in this DATA_DIR and the product on this port, without TLS. */
export const startExample = (dataDir: string, productPort: number, prefix: string[] = []): Promise<Nginx> =>
  startNginx(
    (port) =>
      readFileSync(new URL("nginx.conf", deploy), "utf8")
        .replace(/listen 443 ssl http2;.*/u, `listen 127.0.0.1:${port};`)
        .replace(/^server \{\n {2}listen 80;.*?^\}/msu, "")
        .replaceAll(/^\s*(?:listen \[::\]|error_log).*$/gmu, "")
        .replaceAll(/^\s*ssl_.*$/gmu, "")
        .replaceAll("/srv/komichi/data", dataDir)
        .replace("127.0.0.1:3000", `127.0.0.1:${productPort}`)
        .replace("include nginx-headers.conf", `include ${new URL("nginx-headers.conf", deploy).pathname}`),
    prefix,
  );

/** One worker in the foreground, with these `server` blocks; `prefix` is put before the command. */
export async function startNginx(sites: (port: number) => string, prefix: string[] = []): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "komichi-nginx-"));
  mkdirSync(join(folder, "temporary"));
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/temporary/${name};`,
  );
  writeFileSync(
    join(folder, "nginx.conf"),
    `load_module ${brotli}; daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 512; }
http {
  ${temporary.join(" ")}
  access_log /dev/null combined buffer=64k; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000;
  ${sites(port)}
}`,
  );
  const [command = "", ...rest] = [...prefix, program ?? "", "-p", folder, "-c", join(folder, "nginx.conf")];
  const child = spawn(command, rest, { stdio: ["ignore", "ignore", "inherit"] });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let i = 0; i < 100 && child.exitCode === null; i++) {
    if (await fetch(`http://127.0.0.1:${port}/nginx-is-there`).catch(() => undefined))
      return { port, process: child, stop };
    await sleep(50);
  }
  await stop();
  throw new Error("nginx did not start");
}
