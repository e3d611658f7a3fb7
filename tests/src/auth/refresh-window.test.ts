import assert from "node:assert/strict";
import { after, test } from "node:test";

import { flushExpired } from "../../../server/src/housekeeping.ts";
import { startServer } from "../support/server.ts";
import { BLACKLISTED, INVALID, obtain, pairOf, PASSWORD, refresh } from "../support/tokens.ts";

const HOUR = 3600;

test("with a window of 0 any reuse ends the session", async () => {
  let now = Date.now();
  const server = await startServer({ now: () => now, settings: { EARSHOT: { REFRESH_RACE_WINDOW: 0 } } });
  after(() => server.close());
  await server.createUser({ username: "alice", password: PASSWORD });
  const first = await obtain(server, "alice");
  const second = pairOf(await refresh(server, first.refresh));
  now += 1;
  assert.deepEqual((await refresh(server, first.refresh)).json, BLACKLISTED);
  assert.deepEqual((await refresh(server, second.refresh)).json, BLACKLISTED);
});

test("a spent token that is still good by the leeway is not forgotten when expired tokens are flushed", async () => {
  let now = Date.now();
  const server = await startServer({ now: () => now, settings: { SIMPLE_JWT: { LEEWAY: HOUR } } });
  after(() => server.close());
  await server.createUser({ username: "alice", password: PASSWORD });
  const { refresh: token } = await obtain(server, "alice");
  assert.equal((await refresh(server, token)).status, 200);

  now += (server.context.config.jwt.refreshTokenLifetimeSeconds + HOUR / 2) * 1000;
  await flushExpired(server.context.database, server.context.clock);
  assert.deepEqual((await refresh(server, token)).json, BLACKLISTED);

  now += HOUR * 1000;
  await flushExpired(server.context.database, server.context.clock);
  assert.deepEqual((await refresh(server, token)).json, INVALID);
});

test("expired tokens and sessions are flushed, and the tokens stay refused", async () => {
  let now = Date.now();
  const server = await startServer({ now: () => now });
  after(() => server.close());
  await server.createUser({ username: "alice", password: PASSWORD });
  const first = await obtain(server, "alice");
  const second = pairOf(await refresh(server, first.refresh));
  const counts = () =>
    server.database.rows(
      `select (select count(*) from sessions) as sessions, (select count(*) from refresh_tokens) as tokens`,
    );
  assert.deepEqual({ ...(await counts())[0] }, { sessions: 1, tokens: 2 });

  now += (server.context.config.jwt.refreshTokenLifetimeSeconds + 1) * 1000;
  await flushExpired(server.context.database, server.context.clock);
  assert.deepEqual({ ...(await counts())[0] }, { sessions: 0, tokens: 0 });
  for (const token of [first.refresh, second.refresh]) assert.deepEqual((await refresh(server, token)).json, INVALID);
});
