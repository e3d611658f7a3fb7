import { connect, type Socket } from "node:net";

import type { TestServer } from "./server.ts";

const DEADLINE_MS = 10_000;

/** A TCP connection to the server, for what no HTTP client sends. */
export function openSocket(server: Pick<TestServer, "host">): Promise<Socket> {
  const { hostname, port } = new URL(`http://${server.host}`);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: hostname, port: Number(port) }, () => resolve(socket));
  socket.on("error", reject);
  return promise;
}

/**
 * Sends bytes as they are and collects what comes back until the server closes, or until it has been silent for
 * `quietMs`.
 */
export async function sendRaw(
  server: Pick<TestServer, "host">,
  bytes: string | Buffer,
  quietMs = 150,
): Promise<string> {
  const socket = await openSocket(server);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  const done = () => resolve(Buffer.concat(chunks).toString("latin1"));
  const deadline = setTimeout(() => reject(new Error(`no answer in ${DEADLINE_MS} ms`)), DEADLINE_MS);
  let quiet: NodeJS.Timeout | undefined;
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    clearTimeout(quiet);
    quiet = setTimeout(done, quietMs);
  });
  socket.on("close", done);
  socket.write(bytes);
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
    clearTimeout(quiet);
    socket.destroy();
  }
}

/** The status of each answer in what came back over one connection. */
export function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
