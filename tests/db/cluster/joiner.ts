/** A process that uses the cluster in a folder until it is told to leave: node tests/db/cluster/joiner.ts FOLDER */

import { joinCluster } from "#db/cluster/cluster.ts";

const cluster = await joinCluster(process.argv[2] ?? "");
process.stdout.write(`${JSON.stringify({ url: cluster.url, started: cluster.started })}\n`);
process.stdin.once("data", () => {
  void cluster.leave().then(() => process.exit(0));
});
