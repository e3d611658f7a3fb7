import { ServerResponse } from "node:http";
import { Server, type Socket } from "node:net";

import type { FastifyInstance } from "fastify";

/** How long requests under way may take to finish when the server stops, in milliseconds. */
const DRAIN_DEADLINE_MS = 9000;
/**
 * How long connections that were kept alive are still answered, each for one request more: a proxy may have put one on its
 * way before it could know, and would tell its client 502.
 */
const KEPT_ALIVE_MS = 1000;
/** How often connections whose request has been answered are looked for and closed, in milliseconds. */
const SWEEP_MS = 50;

/**
 * Watches a server that does not listen yet, and gives the function that stops it: no new connections; requests under way
 * finish, and their connections end with them. Connections that ask for nothing end soon: browsers open some in advance.
 * @returns whether every request finished before the deadline; the rest were cut off
 */
export function createDrain(app: FastifyInstance): () => Promise<boolean> {
  const sockets = new Set<Socket>();
  app.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  const endIdle = () => {
    app.server.closeIdleConnections();
    for (const socket of sockets) if (responseUnderWay(socket) === undefined) socket.destroySoon();
  };

  return async () => {
    let isCutOff = false;
    const deadline = setTimeout(() => {
      isCutOff = true;
      app.server.closeAllConnections();
    }, DRAIN_DEADLINE_MS);
    app.server.prependListener("request", (_request, response: ServerResponse) => {
      response.shouldKeepAlive = false;
    });
    for (const socket of sockets) {
      const response = responseUnderWay(socket);
      if (response !== undefined) response.shouldKeepAlive = false;
    }
    let sweep: NodeJS.Timeout | undefined;
    const keptAlive = setTimeout(() => {
      endIdle();
      sweep = setInterval(endIdle, SWEEP_MS);
    }, KEPT_ALIVE_MS);
    await stopListening(app);
    for (const timer of [keptAlive, sweep, deadline]) clearTimeout(timer);
    await app.close();
    return !isCutOff;
  };
}

/** Resolves when the last connection has ended. (`http.Server` would end those that were kept alive at once.) */
const stopListening = ({ server }: FastifyInstance) =>
  new Promise((resolve) => Server.prototype.close.call(server, resolve));

/** Node keeps it in a place without a public name; to follow each request by listeners would cost all of them. */
function responseUnderWay(socket: Socket): ServerResponse | undefined {
  if (!("_httpMessage" in socket)) return undefined;
  return socket._httpMessage instanceof ServerResponse ? socket._httpMessage : undefined;
}
