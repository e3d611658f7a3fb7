/** One request, described so that its bytes can be built once and sent many times. */
export interface RequestTemplate {
  method: "GET" | "POST";
  path: string;
  accessToken?: string;
  /** Sent as JSON. */
  body?: unknown;
}

/**
 * What the connections send. `rotate`: the requests in turn, over all connections. `chain`: each connection holds a
 * refresh token of its own, posts it to `path` and goes on with the successor it is answered.
 */
export type Work =
  | { kind: "rotate"; requests: RequestTemplate[] }
  | { kind: "chain"; path: string; refreshTokens: string[] };

export interface LoadPlan {
  /** Origin of the server, e.g. `http://127.0.0.1:8000`. */
  url: string;
  connections: number;
  /** Sent, answered and checked, but not counted. */
  warmupSeconds: number;
  seconds: number;
  expectedStatus: number;
  /**
   * Whether the generator sleeps while no answer is there. To wake it is work that the kernel charges to the server's write:
   * a third of a small answer on a virtual machine. So it stays awake, unless the server or its database needs the core.
   */
  sleeps: boolean;
  work: Work;
}

export interface LoadResult {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  /** Milliseconds. */
  p99: number;
  /** Answers by status, those of the warm-up included. */
  statuses: Record<string, number>;
  /** Share of one core the generator itself used; near 1 it measures itself, not the server. Null where it never sleeps. */
  generatorBusy: number | null;
  /** Why the run does not count; null if it does. */
  failure: string | null;
  /** Where the chains ended: what the next run of the same chains begins with. */
  refreshTokens: string[];
}
