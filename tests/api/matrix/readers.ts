import { randomUUID } from "node:crypto";
import { makeSubscriber } from "../../emails/fixtures.ts";
import type { NounAccess } from "../matrix.ts";

export const access: NounAccess = {
  table: `
                                                          manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/newsletters/readers                        200         403         403         200         403         in
    GET /staff/newsletters/readers/:id                    200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    GET /staff/newsletters/readers/:id/erase              200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    POST /staff/newsletters/readers                       303         403         403         303         403         in
    POST /staff/newsletters/readers/:id/stop              303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/readers/:id/stop-everything   303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/readers/:id/confirmation      303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/readers/:id/correct           303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/readers/:id/erase             303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
  `,
  fill: async (path, whose) => {
    const id = async () => (await makeSubscriber(fresh(), "pending")).subscriberId;
    return path.replace(":id", whose === "own" ? await id() : randomUUID());
  },
  forms: {
    "POST /staff/newsletters/readers": async () => {
      const email = fresh();
      await makeSubscriber(email);
      return { email };
    },
    "POST /staff/newsletters/readers/:id/stop": () => ({ list: "news" }),
    "POST /staff/newsletters/readers/:id/correct": () => ({ email: fresh() }),
  },
};

const fresh = () => `${randomUUID()}@example.jp`;
