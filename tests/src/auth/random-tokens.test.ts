import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as fc from "fast-check";

import { InvalidToken } from "../../../server/src/auth/jwt.ts";
import { SECRET_KEY, startServer } from "../support/server.ts";
import {
  accessToken,
  asBearer,
  blacklist,
  claims,
  foreignRefreshToken,
  nowInSeconds,
  PASSWORD,
  refresh,
  signText,
  verify,
} from "../support/tokens.ts";
import { codecOf } from "./codec.ts";

const codec = codecOf({ algorithm: "HS256", signingKey: SECRET_KEY });
const server = await startServer();
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });

/** Characters of tokens, and others that decoders are known to pass over. */
const character = fc.oneof(
  fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
  fc.constantFrom("=", "+", "/", " ", "\n", "\t", "\0", "%", "\u00a0", "\u200b", "é"),
);
const edit = fc.record({
  at: fc.nat({ max: 400 }),
  remove: fc.nat({ max: 3 }),
  insert: fc.array(character, { maxLength: 3 }),
});

const mutate = (token: string, edits: readonly { at: number; remove: number; insert: readonly string[] }[]) =>
  edits.reduce((text, { at, remove, insert }) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + insert.join("") + text.slice(place + remove);
  }, token);

test("a token changed anywhere is refused", () => {
  const token = accessToken(alice);
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const changed = mutate(token, edits);
      if (changed === token) codec.decode(changed);
      else assert.throws(() => codec.decode(changed), InvalidToken);
    }),
    { numRuns: 20_000 },
  );
});

test("a token with one character changed is refused, whichever it is", () => {
  const token = accessToken(alice);
  for (let at = 0; at < token.length; at++) {
    for (const other of ["A", "B", "-", "_", "="]) {
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      if (changed !== token) assert.throws(() => codec.decode(changed), InvalidToken);
    }
  }
});

test("a changed token is refused on every route", async () => {
  const spent = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 2 }), async (edits) => {
      const token = foreignRefreshToken(alice);
      const changed = mutate(token, edits);
      if (changed.trim() === token) return;
      for (const use of [refresh, blacklist, verify]) {
        const { status } = await use(server, changed);
        assert.ok(status === 401 || status === 400, `${status}`);
      }
      spent.add(changed);
    }),
    { numRuns: 100 },
  );
  assert.ok(spent.size > 50);
});

const claimName = fc.oneof(
  fc.constantFrom("exp", "iat", "nbf", "jti", "token_type", "user_id", "aud", "iss", "sub", "__proto__", "constructor"),
  fc.string({ maxLength: 10 }),
);
const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(alice, "access", "refresh", nowInSeconds() + 1000, -1, 0, 2 ** 53, 1e300, "\0", "\ud800"),
);

test("correctly signed tokens with any claims are answered, never with a failure of ours", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("access" as const, "refresh" as const),
      fc.dictionary(claimName, oddValue, { maxKeys: 4 }),
      fc.array(claimName, { maxLength: 2 }),
      async (type, odd, left) => {
        const content = new Map<string, unknown>([...Object.entries(claims(type, alice)), ...Object.entries(odd)]);
        for (const name of left) content.delete(name);
        const token = signText(JSON.stringify(Object.fromEntries(content)));
        assert.ok([200, 401].includes((await asBearer(server, token)).status));
        assert.ok([200, 400, 401].includes((await verify(server, token)).status));
        assert.ok([200, 401].includes((await refresh(server, token)).status));
        assert.ok([200, 401].includes((await blacklist(server, token)).status));
      },
    ),
    { numRuns: 200 },
  );
  assert.deepEqual(
    server.logged.filter(({ level }) => level === "error"),
    [],
  );
});
