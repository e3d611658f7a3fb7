import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

import type { FastifyInstance } from "fastify";

/** How long requests under way may take to finish when the server stops, in milliseconds. */
const DRAIN_DEADLINE_MS = 9000;

/**
 * Watches a server that does not listen yet, and gives the function that stops it: no new connections; requests under way
 * finish, and their connections end with them. Connections without a request end at once: browsers open some in advance.
 * @returns whether every request finished before the deadline; the rest were cut off
 */
export function createDrain(app: FastifyInstance): () => Promise<boolean> {
  const underWay = new Map<Socket, Set<ServerResponse>>();
  let isDraining = false;

  const endIfIdle = (socket: Socket) => {
    if (isDraining && underWay.get(socket)?.size === 0) socket.destroySoon();
  };
  app.server.on("connection", (socket) => {
    underWay.set(socket, new Set());
    socket.once("close", () => underWay.delete(socket));
  });
  app.server.on("request", ({ socket }, response) => {
    underWay.get(socket)?.add(response);
    response.once("close", () => {
      underWay.get(socket)?.delete(response);
      endIfIdle(socket);
    });
  });

  return async () => {
    isDraining = true;
    let isCutOff = false;
    const deadline = setTimeout(() => {
      isCutOff = true;
      app.server.closeAllConnections();
    }, DRAIN_DEADLINE_MS);
    const closed = app.close();
    for (const [socket, responses] of underWay) {
      for (const response of responses) response.shouldKeepAlive = false;
      endIfIdle(socket);
    }
    await closed;
    clearTimeout(deadline);
    return !isCutOff;
  };
}
