import assert from "node:assert/strict";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { describe, it } from "node:test";

import { createWorkplace, earshot, serve } from "../support/cli.ts";

const GOOD = "correct-horse-battery";

describe("a server that is told to stop", () => {
  it("finishes the requests it has begun and takes no new connection", async () => {
    await using workplace = await createWorkplace();
    await using server = await serve(workplace);
    await earshot(workplace, ["createuser", "ada", "--password-stdin"], { stdin: GOOD });
    // Each has its headers taken and its body still to come when the signal arrives.
    const logins = await Promise.all(Array.from({ length: 12 }, () => beginLogin(server.url)));
    server.kill("SIGTERM");
    await refusesConnections(server.url);
    const statuses = await Promise.all(logins.map((finish) => finish("ada", GOOD)));
    assert.deepEqual(
      statuses,
      logins.map(() => 200),
    );
    assert.equal(await server.ended, 0);
  });

  it("answers one request more on a connection that was kept alive, and ends it", async () => {
    await using workplace = await createWorkplace();
    await using server = await serve(workplace);
    const { port, hostname } = new URL(server.url);
    const kept = net.connect(Number(port), hostname);
    let received = "";
    kept.on("data", (chunk: Buffer) => {
      received += chunk.toString();
    });
    const ask = () => kept.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    ask();
    await once(kept, "data");
    assert.match(received, /^HTTP\/1\.1 200 [^]*keep-alive/i);
    received = "";
    server.kill("SIGTERM");
    await refusesConnections(server.url);
    ask();
    await once(kept, "close");
    assert.match(received, /^HTTP\/1\.1 200 [^]*Connection: close/i);
    assert.equal(await server.ended, 0);
  });

  it("does not wait for connections that ask for nothing", async () => {
    await using workplace = await createWorkplace();
    await using server = await serve(workplace);
    const { port, hostname } = new URL(server.url);
    const silent = net.connect(Number(port), hostname);
    const half = net.connect(Number(port), hostname, () => half.write("GET / HTTP/1.1\r\nHost: loc"));
    const closed = [silent, half].map(async (socket) => {
      socket.on("error", () => {});
      await once(socket, "close");
    });
    await Promise.all([once(silent, "connect"), once(half, "connect")]);
    // An answer to a later connection shows that the earlier ones have been taken.
    assert.equal((await fetch(server.url)).status, 200);
    server.kill("SIGTERM");
    assert.equal(await server.ended, 0);
    await Promise.all(closed);
  });

  it("takes repeated signals as one, as Ctrl-C sends them through npm", async () => {
    await using workplace = await createWorkplace();
    await using server = await serve(workplace);
    const finish = await beginLogin(server.url);
    for (const signal of ["SIGINT", "SIGINT", "SIGTERM", "SIGINT"] as const) {
      server.kill(signal);
      await refusesConnections(server.url);
    }
    assert.equal(await finish("nobody", GOOD), 401);
    assert.equal(await server.ended, 0);
  });

  it("leaves the database whole and without a journal beside it", async () => {
    await using workplace = await createWorkplace();
    {
      await using server = await serve(workplace);
      server.kill("SIGINT");
      assert.equal(await server.ended, 0);
    }
    await assert.rejects(stat(`${workplace.databaseFile}-wal`), { code: "ENOENT" });
    assert.equal((await earshot(workplace, ["check"])).code, 0);
  });
});

/**
 * Sends the head of a login, waits until the server asks for the body, and gives the function that sends it to a server
 * that stops: it must end the connection with its answer.
 */
async function beginLogin(url: string): Promise<(username: string, password: string) => Promise<number>> {
  const request = http.request(`${url}/api/token/`, {
    method: "POST",
    headers: { "content-type": "application/json", expect: "100-continue", "transfer-encoding": "chunked" },
  });
  request.flushHeaders();
  await once(request, "continue");
  return async (username, password) => {
    request.end(JSON.stringify({ username, password }));
    const [response]: http.IncomingMessage[] = await once(request, "response");
    response?.resume();
    assert.equal(response?.headers.connection, "close");
    return response?.statusCode ?? 0;
  };
}

/** Resolves when nobody listens there any more. */
async function refusesConnections(url: string): Promise<void> {
  const { port, hostname } = new URL(url);
  for (;;) {
    const socket = net.connect(Number(port), hostname);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.on("connect", () => resolve(true));
      socket.on("error", () => resolve(false));
    });
    socket.destroy();
    if (!isOpen) return;
  }
}
