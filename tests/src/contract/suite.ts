import assert from "node:assert/strict";
import { after as afterAll, before as beforeAll, describe, it } from "node:test";
import type { TestServer } from "../support/server.ts";
import { anatomyDifferences, obtainPairs } from "./anatomy.ts";
import type { Pairs } from "./anatomy.ts";
import { differences } from "./compare.ts";
import type { Additions, ContractException } from "./exceptions.ts";
import { exchangeAreas, readEntries, readExchanges } from "./exchange.ts";
import type { Exchange, RecordedRequest } from "./exchange.ts";
import { pythonJson, textMember } from "./json.ts";
import { fillBytes, fillJson, fillText } from "./placeholders.ts";
import { send } from "./send.ts";
import type { Answer } from "./send.ts";
import { after, before, openWorld } from "./states.ts";
import type { World } from "./world.ts";

interface ContractSuite {
  start: () => Promise<TestServer>;
  exceptions: ContractException[];
  additions: Additions;
}

const EXCHANGE_COUNT = 355;
const DEADLINE = { timeout: 60_000 };

/** Bodies that the record gives as "the same as there, with a token": how that other one is asked for. */
const REFERENCES = new Map([
  ["<the page of alice's conversations, as with a token>", "GET"],
  ["<the list, as at /api/conversations/>", "GET"],
  ["<the list>", "GET"],
  ["<the metadata, as with a token>", "OPTIONS"],
]);

/** Replays every recorded exchange, in the order recorded, against one server; each is a test of its own. */
export function contractSuite({ start, exceptions, additions }: ContractSuite): void {
  const exchanges = exchangeAreas.flatMap(readExchanges);
  const tokenEntries = readEntries("jwt");
  const excepted = new Map(exceptions.map((exception) => [`${exception.area}: ${exception.name}`, exception]));
  const held: string[] = [];
  let server: TestServer | undefined;
  let world: World;

  const replay = async (exchange: Exchange) => {
    const title = titleOf(exchange);
    const exception = excepted.get(title);
    await before[title]?.(world);
    const answer = await sendRecorded(world, exchange.request);
    const found = differences(answer, {
      expected: exception?.expected ?? exchange.response,
      known: world.names,
      additions,
      ...(exception?.openHeaders && { openHeaders: exception.openHeaders }),
      ...(await readingOf(world, exchange)),
    });
    try {
      after[title]?.(world, answer); // also where they differ: later exchanges need the names
    } finally {
      assert.deepEqual(found, [], `${exchange.request.method} ${exchange.request.path}\n${found.join("\n")}`);
    }
    held.push(title);
  };

  describe("the recorded contract", () => {
    beforeAll(async () => {
      server = await start();
      world = await openWorld(server);
    }, DEADLINE);

    afterAll(async () => {
      const total = exchanges.length + tokenEntries.length;
      const given = held.filter((title) => excepted.has(title));
      const counts = [`${held.length - given.length} passed`, `${given.length} excepted`];
      if (held.length < total) counts.push(`${total - held.length} failed`);
      console.log(`contract: ${total} exchanges, ${counts.join(", ")}`);
      for (const title of given) console.log(`  excepted ${title}: ${excepted.get(title)?.reason}`);
      await server?.close();
    }, DEADLINE);

    it(`has ${EXCHANGE_COUNT} exchanges`, () => {
      assert.equal(exchanges.length + tokenEntries.length, EXCHANGE_COUNT);
    });

    it("excepts and prepares only exchanges that are recorded", () => {
      const recorded = new Set(exchanges.map(titleOf));
      const named = [...excepted.keys(), ...Object.keys(before), ...Object.keys(after)];
      assert.deepEqual(
        named.filter((title) => !recorded.has(title)),
        [],
      );
    });

    for (const area of exchangeAreas) {
      describe(area, () => {
        for (const exchange of exchanges.filter((candidate) => candidate.area === area)) {
          it(titleOf(exchange), DEADLINE, () => replay(exchange));
        }
      });
    }

    describe("jwt", () => {
      let pairs: Pairs;
      beforeAll(async () => {
        pairs = await obtainPairs(world);
      }, DEADLINE);
      for (const entry of tokenEntries) {
        const title = `jwt: ${textMember(entry, "name")}`;
        it(title, () => {
          assert.deepEqual(anatomyDifferences(entry, pairs, world), []);
          held.push(title);
        });
      }
    });
  });
}

function titleOf({ area, name }: Exchange): string {
  return `${area}: ${name}`;
}

async function sendRecorded(world: World, { method, path, headers, body }: RecordedRequest): Promise<Answer> {
  const filled: [string, string][] = [];
  for (const [name, value] of headers) filled.push([name, await fillText(value, world.valueOf)]);
  return send(world.server.host, {
    method,
    path: await fillText(path, world.valueOf),
    headers: filled,
    body: await bodyOf(world, body),
  });
}

async function bodyOf(world: World, body: RecordedRequest["body"]): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0);
  if (typeof body === "string") return fillBytes(body, world.valueOf);
  return Buffer.from(pythonJson(await fillJson(body, world.valueOf)));
}

/** What the exchange itself says about how its body reads: an indent asked for, or the body of another request. */
async function readingOf(world: World, exchange: Exchange): Promise<{ indent?: number; sameAs?: string }> {
  const accept = exchange.request.headers.find(([name]) => name === "Accept")?.[1];
  const indent = /indent=(\d+)/.exec(accept ?? "")?.[1];
  if (indent !== undefined) return { indent: Number(indent) };
  const method = typeof exchange.response.body === "string" ? REFERENCES.get(exchange.response.body) : undefined;
  if (method === undefined) return {};
  const authorization: [string, string] = ["Authorization", `Bearer ${await world.valueOf("jwt:access:alice")}`];
  const same = await sendRecorded(world, { method, path: "/api/conversations/", headers: [authorization], body: null });
  return { sameAs: same.body.toString("utf8") };
}
