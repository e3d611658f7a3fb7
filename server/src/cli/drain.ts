import type { Socket } from "node:net";

import type { FastifyInstance } from "fastify";

/** How long requests under way may take to finish when the server stops, in milliseconds. */
const DRAIN_DEADLINE_MS = 9000;

/**
 * Watches a server that does not listen yet, and gives the function that stops it: no new connections, requests under way
 * finish. Connections without a request are closed at once: browsers open some in advance and send nothing.
 * @returns whether every request finished before the deadline; the rest were cut off
 */
export function createDrain(app: FastifyInstance): () => Promise<boolean> {
  const requests = new Map<Socket, number>();
  app.server.on("connection", (socket) => {
    requests.set(socket, 0);
    socket.once("close", () => requests.delete(socket));
  });
  app.server.on("request", ({ socket }, response) => {
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    response.once("close", () => {
      const left = requests.get(socket);
      if (left !== undefined) requests.set(socket, left - 1);
    });
  });

  return async () => {
    let isCutOff = false;
    const deadline = setTimeout(() => {
      isCutOff = true;
      app.server.closeAllConnections();
    }, DRAIN_DEADLINE_MS);
    const closed = app.close();
    for (const [socket, running] of requests) if (running === 0) socket.destroy();
    await closed;
    clearTimeout(deadline);
    return !isCutOff;
  };
}
