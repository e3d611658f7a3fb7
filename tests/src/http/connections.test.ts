import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { createApp, createRegistry } from "@earshot/server";
import { startConversing } from "../support/conversing.ts";
import { request } from "../support/http.ts";
import { openSocket, sendRaw, statusesOf } from "../support/raw.ts";
import { assertUnharmed } from "../support/sound.ts";

const { server, bearer, conversation } = await startConversing();
const target = `POST /api/conversations/${conversation}/messages/ HTTP/1.1\r\nHost: ${server.host}\r\nAuthorization: Bearer ${bearer}\r\nContent-Type: application/json\r\n`;
/** A request that would be seen if the server took it out of another's body. */
const smuggled = `GET /api-auth/logout/ HTTP/1.1\r\nHost: ${server.host}\r\n\r\n`;
const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const json = '{"message_body":"x"}';

describe("a request whose length can be read in two ways is refused, and nothing behind it is answered", () => {
  const forms: Record<string, string> = {
    "both a length and chunks": `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(json)}`,
    "chunks, then a length": `Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n${chunked(json)}`,
    "two lengths": `Content-Length: ${json.length}\r\nContent-Length: 0\r\n\r\n${json}`,
    "two lengths in one": `Content-Length: ${json.length}, 0\r\n\r\n${json}`,
    "a signed length": `Content-Length: +${json.length}\r\n\r\n${json}`,
    "a negative length": `Content-Length: -1\r\n\r\n${json}`,
    "a length in hex": `Content-Length: 0x14\r\n\r\n${json}`,
    "a length of words": `Content-Length: ten\r\n\r\n${json}`,
    "an unknown coding": `Transfer-Encoding: x, chunked, x\r\n\r\n${chunked(json)}`,
    "a coding after chunked": `Transfer-Encoding: chunked, identity\r\n\r\n${chunked(json)}`,
    "a space before the colon": `Transfer-Encoding : chunked\r\n\r\n${chunked(json)}`,
    "a folded header": `Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n${chunked(json)}`,
    "a line feed alone": `Content-Length: 5\nTransfer-Encoding: chunked\r\n\r\n${chunked(json)}`,
    "a carriage return inside": `X: a\rTransfer-Encoding: chunked\r\n\r\n${chunked(json)}`,
    "a NUL inside": `X: a\0b\r\nContent-Length: 0\r\n\r\n`,
    "a chunk size that is none": `Transfer-Encoding: chunked\r\n\r\nxyz\r\n${json}\r\n0\r\n\r\n`,
    "a chunk size too large": `Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n${json}\r\n0\r\n\r\n`,
    "a chunk longer than it says": `Transfer-Encoding: chunked\r\n\r\n2\r\n${json}\r\n0\r\n\r\n`,
  };
  for (const [name, rest] of Object.entries(forms)) {
    test(name, async () => {
      const received = await sendRaw(server, Buffer.from(`${target}${rest}${smuggled}`, "latin1"));
      assert.deepEqual(statusesOf(received), [400], received.slice(0, 400));
      assert.ok(!received.includes("Logged out"));
    });
  }
  test("after a refused body the rest of the connection is not read as requests", async () => {
    for (const length of [2 * 1024 * 1024, 200 * 1024]) {
      const head = `POST /api/token/ HTTP/1.1\r\nHost: ${server.host}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
      const received = await sendRaw(server, head + smuggled.repeat(50));
      assert.equal(statusesOf(received).filter((status) => status === 200).length, 0, received.slice(0, 400));
    }
  });
});

test("pipelined requests are answered in their order, each for its own caller", async () => {
  const list = (header: string) => `GET /api/conversations/ HTTP/1.1\r\nHost: ${server.host}\r\n${header}\r\n`;
  const mine = list(`Authorization: Bearer ${bearer}\r\n`);
  const received = await sendRaw(server, mine + list("") + mine + list("Authorization: Bearer x\r\n"), 1000);
  assert.deepEqual(statusesOf(received), [200, 401, 200, 401]);
});

test("a client that goes away in the middle of its request harms nobody", async () => {
  for (const part of [
    "GET /api/",
    target,
    `${target}Content-Length: 100\r\n\r\n{"mess`,
    "\0\0\0\0",
    "\x16\x03\x01\x02\x00",
  ]) {
    const socket = await openSocket(server);
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.resetAndDestroy();
  }
  await assertUnharmed(server);
});

test("others are answered while 300 connections send their headers slowly", async () => {
  const slow = await Promise.all(Array.from({ length: 300 }, () => openSocket(server)));
  for (const socket of slow) {
    socket.on("error", () => {});
    socket.write(`GET / HTTP/1.1\r\nHost: ${server.host}\r\nX-Slow: `);
  }
  const drip = setInterval(() => {
    for (const socket of slow) socket.write("x");
  }, 20);
  try {
    for (let round = 0; round < 10; round++) {
      assert.equal((await request(server, "GET", "/api/conversations/", { bearer })).status, 200);
      assert.equal(
        (
          await request(server, "POST", `/api/conversations/${conversation}/messages/`, {
            bearer,
            json: { message_body: "x" },
          })
        ).status,
        201,
      );
    }
  } finally {
    clearInterval(drip);
    for (const socket of slow) socket.destroy();
  }
});

test("headers, requests and idle connections have deadlines", async () => {
  const app = createApp(server.context, createRegistry(server.context));
  after(() => app.close());
  const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections } = app.server;
  for (const bound of [headersTimeout, requestTimeout, keepAliveTimeout]) assert.ok(bound > 0 && bound <= 120_000);
  assert.ok(headersTimeout <= requestTimeout);
  assert.ok(maxConnections > 0);
});

test("the server is unharmed", () => assertUnharmed(server));
