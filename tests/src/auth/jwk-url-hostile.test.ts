import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { Readable } from "node:stream";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { fetchText } from "../../../server/src/auth/fetch-text.ts";
import { InvalidToken } from "../../../server/src/auth/jwt.ts";
import { claims } from "../support/tokens.ts";
import { codecOf } from "./codec.ts";
import { issuerKey, startIssuer } from "./issuer.ts";

const issuer = await startIssuer();
const elsewhere = await startIssuer();
after(() => Promise.all([issuer.close(), elsewhere.close()]));

const SOON_MS = 100;
const LATE_MS = 60_000;
const LIMIT = 256 * 1024;

/** What is said of a fetch that gets such an answer. */
async function failure(answer: RequestListener, deadlineMs = LATE_MS): Promise<string> {
  issuer.answer(answer);
  const outcome: unknown = await fetchText(issuer.url, deadlineMs).catch((error: unknown) => error);
  assert.ok(outcome instanceof Error, "it was taken");
  return outcome.message;
}

function* withoutEnd(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(64 * 1024, " ");
}

describe("an issuer's answer is bounded", () => {
  test("one without an end is given up, and its connection closed", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const said = await failure((_request, response) => {
      closed = once(response, "close");
      Readable.from(withoutEnd()).pipe(response);
    });
    assert.equal(said, `more than ${LIMIT} bytes`);
    await closed;
  });

  test("the limit itself is taken", async () => {
    issuer.answer((_request, response) => void response.end(" ".repeat(LIMIT)));
    assert.equal((await fetchText(issuer.url, LATE_MS)).length, LIMIT);
    assert.equal(
      await failure((_request, response) => void response.end(" ".repeat(LIMIT + 1))),
      `more than ${LIMIT} bytes`,
    );
  });

  test("a small one that unpacks to a hundred megabytes", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const before = process.memoryUsage().rss;
    const said = await failure((_request, response) => {
      response.setHeader("content-encoding", "gzip");
      response.end(bomb);
    });
    assert.equal(said, `more than ${LIMIT} bytes`);
    assert.ok(process.memoryUsage().rss - before < 80 * 1024 * 1024, "it is not unpacked whole");
  });

  test("none at all, one without a body, and one that drips", async () => {
    const silent: RequestListener = () => {};
    const bodiless: RequestListener = (_request, response) => response.flushHeaders();
    const dripping: RequestListener = (_request, response) => {
      const timer = setInterval(() => response.write(" "), SOON_MS / 10);
      response.on("close", () => clearInterval(timer));
    };
    for (const answer of [silent, bodiless, dripping])
      assert.equal(await failure(answer, SOON_MS), "no answer in time");
  });

  test("one that breaks off", async () => {
    const said = await failure((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    assert.match(said, /^[A-Z_]+$|^no connection$/);
  });
});

test("only 200 is an answer, and nothing that was said stands in the reason", async () => {
  for (const status of [201, 204, 304, 400, 401, 404, 500, 503]) {
    assert.equal(await failure((_request, response) => void response.writeHead(status).end()), `status ${status}`);
  }
});

test("a redirect is not followed, wherever it leads", async () => {
  for (const location of [elsewhere.url, "/other", "file:///etc/passwd", "http://169.254.169.254/"]) {
    const said = await failure((_request, response) => void response.writeHead(302, { location }).end());
    assert.doesNotMatch(said, /169|passwd|127/);
  }
  assert.equal(elsewhere.requests(), 0);
});

test("an issuer that is not there", async () => {
  const gone = await startIssuer();
  await gone.close();
  await assert.rejects(fetchText(gone.url, LATE_MS), { message: "ECONNREFUSED" });
});

test("what is no JWK set is no key, and the server goes on with those it has", async () => {
  const key = issuerKey("kept");
  let now = 1_800_000_000;
  const reasons: object[] = [];
  const log = { error: () => {}, info: () => {}, warn: (details: object) => void reasons.push(details) };
  const codec = codecOf({ algorithm: "ES256", signingKey: undefined, jwkUrl: issuer.url }, { now: () => now, log });
  const token = key.sign(claims("access", "7", { iat: now, exp: now + 100_000 }));
  const stranger = issuerKey("stranger").sign(claims("access", "7", { iat: now, exp: now + 100_000 }));
  issuer.publish(key.jwk);
  await codec.fetchKey(token);
  codec.decode(token);

  const good = JSON.stringify(key.jwk);
  const bodies = [
    "",
    "null",
    "[]",
    `[${good}]`,
    '"keys"',
    "5",
    "{}",
    '{"keys":null}',
    '{"keys":{}}',
    '{"keys":"x"}',
    `{"keys":[${good}]`,
    `\uFEFF{"keys":[${good}]}`,
    `{"keys":[${Array.from({ length: 101 }, () => good).join(",")}]}`,
    `{"keys":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    `{"keys":[${'{"a":'.repeat(20)}1${"}".repeat(20)}]}`,
    "<!doctype html><title>Log in</title>",
    "\0\0\0",
  ];
  for (const body of bodies) {
    issuer.answer((_request, response) => void response.end(body));
    now += 10;
    const before = reasons.length;
    await codec.fetchKey(stranger);
    assert.throws(() => codec.decode(stranger), InvalidToken);
    assert.equal(reasons.length, before + 1, body.slice(0, 40));
    codec.decode(token);
  }
  assert.ok(
    reasons.every((one) => JSON.stringify(one).length < 60),
    "the log repeats nothing of it",
  );
});
