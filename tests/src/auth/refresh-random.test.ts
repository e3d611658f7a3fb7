import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as fc from "fast-check";

import { startServer } from "../support/server.ts";
import {
  blacklist,
  BLACKLISTED,
  foreignRefreshToken,
  obtain,
  pairOf,
  PASSWORD,
  refresh,
  verify,
} from "../support/tokens.ts";

const WINDOW_SECONDS = 10;
let now = Date.now();
const server = await startServer({
  now: () => now,
  settings: { EARSHOT: { REFRESH_RACE_WINDOW: WINDOW_SECONDS } },
});
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });

/** What must be so: a session is a chain of tokens, of which the last is good until the session ends. */
class Session {
  readonly chain: string[];
  isOpen = true;
  #supersededAt = 0;

  constructor(token: string) {
    this.chain = [token];
  }

  isGood(place: number): boolean {
    return this.isOpen && place === this.chain.length - 1;
  }

  supersede(next: string): void {
    this.chain.push(next);
    this.#supersededAt = now;
  }

  /** A token that is not good comes again; answers whether that ends the session. */
  reuse(place: number): boolean {
    const isRace = place === this.chain.length - 2 && now - this.#supersededAt <= WINDOW_SECONDS * 1000;
    const ends = this.isOpen && !isRace;
    if (ends) this.isOpen = false;
    return ends;
  }
}

type Operation =
  | { readonly kind: "refresh" | "blacklist" | "verify"; readonly session: number; readonly back: number }
  | { readonly kind: "wait"; readonly seconds: number };

const target = { session: fc.nat({ max: 2 }), back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3)) };
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("refresh" as const), ...target }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("blacklist" as const), ...target }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("verify" as const), ...target }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(1, 5, 10, 11) }) },
);

async function run(sessions: readonly Session[], step: Operation): Promise<void> {
  if (step.kind === "wait") {
    now += step.seconds * 1000;
    return;
  }
  const session = sessions[step.session];
  assert.ok(session !== undefined);
  const place = Math.max(0, session.chain.length - 1 - step.back);
  const token = session.chain[place] ?? "";
  const isGood = session.isGood(place);
  const logLength = server.logged.length;

  if (step.kind === "verify") {
    assert.equal((await verify(server, token)).status, isGood ? 200 : 400);
    return;
  }
  const answer = await (step.kind === "refresh" ? refresh : blacklist)(server, token);
  if (!isGood) {
    const ends = session.reuse(place);
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, BLACKLISTED);
    assert.equal(server.logged.length, logLength + (ends ? 1 : 0));
    return;
  }
  assert.equal(answer.status, 200, answer.text);
  if (step.kind === "refresh") session.supersede(pairOf(answer).refresh);
  else session.isOpen = false;
}

test("any sequence of refreshes, replays and logouts over several sessions is answered as the model says", async () => {
  const steps = fc.array(operation, { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(steps, async (operations) => {
      const sessions = [
        new Session((await obtain(server, "alice")).refresh),
        new Session(foreignRefreshToken(alice, now)),
        new Session(foreignRefreshToken(alice, now)),
      ];
      for (const step of operations) await run(sessions, step);
      for (const session of sessions) {
        const answer = await refresh(server, session.chain.at(-1) ?? "");
        assert.equal(answer.status, session.isOpen ? 200 : 401);
      }
    }),
    { numRuns: 60 },
  );
});
