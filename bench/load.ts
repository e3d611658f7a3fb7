/**
 * The load generator, a process of its own: reads a LoadPlan as JSON from standard input, keeps one request in flight on
 * each connection for the planned time, and writes a LoadResult as JSON to standard output.
 */
import { text } from "node:stream/consumers";
import { createHistogram } from "node:perf_hooks";
import { jsonField } from "./api.ts";
import { Connection } from "./connection.ts";
import { buildRequest } from "./http.ts";
import type { LoadPlan, LoadResult, Work } from "./plan.ts";

/** How long the last answers may take after the planned time, milliseconds. */
const drainMilliseconds = 30_000;

interface Requests {
  next(connection: number): Buffer;
  answered(connection: number, body: Buffer): void;
  refreshTokens: string[];
}

function makeRequests(host: string, work: Work): Requests {
  if (work.kind === "rotate") {
    const buffers = work.requests.map((template) => buildRequest(host, template));
    let turn = 0;
    const next = () => {
      const buffer = buffers[turn++ % buffers.length];
      if (buffer === undefined) throw new Error("a plan without requests");
      return buffer;
    };
    return { next, answered: () => {}, refreshTokens: [] };
  }
  const refreshTokens = [...work.refreshTokens];
  return {
    next: (connection) => {
      const refresh = refreshTokens[connection];
      if (refresh === undefined) throw new Error("a connection without a refresh token");
      return buildRequest(host, { method: "POST", path: work.path, body: { refresh } });
    },
    answered: (connection, body) => {
      const successor = jsonField(JSON.parse(body.toString()), "refresh");
      if (typeof successor !== "string") throw new Error("no refresh token in the answer");
      refreshTokens[connection] = successor;
    },
    refreshTokens,
  };
}

function run(plan: LoadPlan): Promise<LoadResult> {
  const { host, hostname, port } = new URL(plan.url);
  const requests = makeRequests(host, plan.work);
  const histogram = createHistogram();
  const statuses: Record<string, number> = {};
  const begin = performance.now();
  const countFrom = begin + plan.warmupSeconds * 1000;
  const countTo = countFrom + plan.seconds * 1000;
  let counted = 0;

  return new Promise((resolve) => {
    const connections: Connection[] = [];
    let open = plan.connections;
    let isAwake = !plan.sleeps;
    const stayAwake = (): void => {
      if (isAwake) setImmediate(stayAwake);
    };
    stayAwake();
    const finish = (failure: string | null): void => {
      isAwake = false;
      clearTimeout(deadline);
      for (const connection of connections) connection.close();
      const { user, system } = process.cpuUsage(cpuBefore);
      resolve({
        requestsPerSecond: counted / plan.seconds,
        p50: histogram.percentile(50) / 1e6,
        p99: histogram.percentile(99) / 1e6,
        statuses,
        generatorBusy: plan.sleeps ? (user + system) / 1000 / (performance.now() - begin) : null,
        failure,
        refreshTokens: requests.refreshTokens,
      });
    };
    const deadline = setTimeout(() => finish("some requests were never answered"), countTo - begin + drainMilliseconds);
    const cpuBefore = process.cpuUsage();

    const openConnection = (index: number): void => {
      let sentAt = 0;
      const connection = new Connection(hostname, Number(port), {
        ready: () => {
          sentAt = performance.now();
          if (sentAt < countTo) return connection.send(requests.next(index));
          connection.close();
          open -= 1;
          if (open === 0) finish(null);
        },
        answered: ({ status, body }) => {
          const now = performance.now();
          statuses[status] = (statuses[status] ?? 0) + 1;
          if (status !== plan.expectedStatus) {
            return finish(`status ${status} instead of ${plan.expectedStatus}: ${body.toString().slice(0, 200)}`);
          }
          requests.answered(index, body);
          if (now < countFrom || now >= countTo) return;
          counted += 1;
          histogram.record(Math.max(1, Math.round((now - sentAt) * 1e6)));
        },
        failed: finish,
      });
      connections.push(connection);
      connection.open();
    };
    for (let index = 0; index < plan.connections; index += 1) openConnection(index);
  });
}

const plan: LoadPlan = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await run(plan)));
