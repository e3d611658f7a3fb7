import { ServerResponse } from "node:http";
import type { Socket } from "node:net";

import type { FastifyInstance } from "fastify";

/** How long requests under way may take to finish when the server stops, in milliseconds. */
const DRAIN_DEADLINE_MS = 9000;
/** How often connections whose request has been answered are looked for and closed, in milliseconds. */
const SWEEP_MS = 50;

/**
 * Watches a server that does not listen yet, and gives the function that stops it: no new connections; requests under way
 * finish, and their connections end with them. Connections without a request end at once: browsers open some in advance.
 * @returns whether every request finished before the deadline; the rest were cut off
 */
export function createDrain(app: FastifyInstance): () => Promise<boolean> {
  const sockets = new Set<Socket>();
  app.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  return async () => {
    let isCutOff = false;
    const deadline = setTimeout(() => {
      isCutOff = true;
      app.server.closeAllConnections();
    }, DRAIN_DEADLINE_MS);
    const closed = app.close();
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
    for (const socket of sockets) {
      const response = responseUnderWay(socket);
      if (response !== undefined) response.shouldKeepAlive = false;
      else socket.destroySoon();
    }
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
    return !isCutOff;
  };
}

/** Node keeps it in a place without a public name; to follow each request by listeners would cost all of them. */
function responseUnderWay(socket: Socket): ServerResponse | undefined {
  if (!("_httpMessage" in socket)) return undefined;
  return socket._httpMessage instanceof ServerResponse ? socket._httpMessage : undefined;
}
