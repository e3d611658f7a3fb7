import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as fc from "fast-check";

import { listMember, numberMember, textMember } from "../contract/json.ts";
import { startConversing } from "../support/conversing.ts";
import { request } from "../support/http.ts";
import { assertSound, assertUnharmed } from "../support/sound.ts";

const { server, bearer, bob, conversation } = await startConversing();
const lists = ["/api/conversations/", "/api/messages/", `/api/conversations/${conversation}/messages/`];
const parameters = [
  "page",
  "page_size",
  "ordering",
  "search",
  "format",
  "messages",
  "conversation",
  "sender",
  "participant",
  "participants",
  "sent_after",
  "sent_before",
  "start_date",
  "end_date",
  "created_after",
  "created_before",
  "before",
  "after",
  "around",
  "limit",
];
const oddValues = [
  "",
  " ",
  "0",
  "-1",
  "1.5",
  "1e3",
  "٣",
  "+2",
  "9007199254740991",
  "9007199254740993",
  "99999999999999999999999999",
  "-9".repeat(20),
  "NaN",
  "Infinity",
  "null",
  "true",
  "[]",
  "__proto__",
  "constructor",
  "\0",
  "\ud800",
  "é💬",
  "%",
  "_",
  "\\",
  "'",
  '"',
  "' or '1'='1",
  "; drop table messages; --",
  "$caller",
  "?1",
  "x".repeat(5000),
  "%".repeat(2000),
  "\\".repeat(2000),
  ",".repeat(3000),
  "a ".repeat(1500),
  "2026-02-30",
  "2026-01-01T00:00:00Z",
  "0000-00-00T00:00:00Z",
  "9999-12-31T23:59:59.999999-23:59",
  "0001-01-01T00:00:00+23:59",
  "2026-01-01T24:00:00Z",
  "2026-W01-1",
  "-sent_at,-sent_at,x",
  "sent_at; select 1",
  "last",
  bob,
  conversation,
];

const get = (path: string, query: string) => request(server, "GET", `${path}?${query}`, { bearer });

describe("odd values are answered", () => {
  for (const name of parameters) {
    test(name, async () => {
      for (const path of lists) {
        for (const value of oddValues) {
          const answer = await get(path, `${name}=${encodeURIComponent(value.toWellFormed())}`);
          assertSound(answer, `${path} ${name}=${value.slice(0, 40)}`);
          assert.ok([200, 400, 404, 406].includes(answer.status), `${answer.status}`);
        }
      }
    });
  }
  test("given twice, empty, without a value, with brackets, with broken escapes", async () => {
    for (const path of lists) {
      for (const name of parameters) {
        const queries = [
          name,
          `${name}=1&${name}=x`,
          `${name}[]=1`,
          `${name}[a]=1`,
          `${name}=%`,
          `${name}=%ff`,
          `=${name}`,
        ];
        for (const query of queries) assertSound(await get(path, query), `${path}?${query}`);
      }
    }
  });
  test("any combination of them", async () => {
    const query = fc.array(fc.tuple(fc.constantFrom(...parameters), fc.constantFrom(...oddValues)), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lists), query, async (path, pairs) => {
        const search = pairs.map(
          ([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed().slice(0, 2000))}`,
        );
        assertSound(await get(path, search.join("&")));
      }),
      { numRuns: 300 },
    );
  });
});

describe("search takes its characters as they are", () => {
  const bodies = ["100% sure", "snake_case", "back\\slash", "it's", 'a "quote"', "a%b_c\\d", "plain"];
  before(async () => {
    for (const message_body of bodies) {
      const sent = await request(server, "POST", "/api/messages/", { bearer, json: { conversation, message_body } });
      assert.equal(sent.status, 201);
    }
  });
  const found = async (search: string) => {
    const { json } = await get("/api/messages/", `search=${encodeURIComponent(search)}&page_size=100`);
    return listMember(json, "results").map((message) => textMember(message, "message_body"));
  };
  test("wildcards and escapes match only themselves", async () => {
    assert.deepEqual(await found("%"), ["100% sure", "a%b_c\\d"]);
    assert.deepEqual(await found("_"), ["snake_case", "a%b_c\\d"]);
    assert.deepEqual(await found("\\"), ["back\\slash", "a%b_c\\d"]);
    assert.deepEqual(await found("'"), ["it's"]);
    assert.deepEqual(await found('"'), ['a "quote"']);
    assert.deepEqual(await found("pla%n"), []);
    assert.deepEqual(await found("pla_n"), []);
    assert.deepEqual(await found("\\%"), []);
  });
  test("an id of somebody else's conversation finds nothing", async () => {
    const { json } = await get("/api/messages/", `conversation=${bob}`);
    assert.equal(numberMember(json, "count"), 0);
  });
});

test("a search has bounds, and says so", async () => {
  const search = (text: string) =>
    request(server, "GET", `/api/messages/?search=${encodeURIComponent(text)}`, { bearer });
  const texts = { search: ["Search for at most 10 words of at most 100 characters each."] };
  assert.equal((await search("word ".repeat(10))).status, 200);
  assert.equal((await search("a".repeat(100))).status, 200);
  for (const text of ["word ".repeat(11), "a".repeat(101)]) {
    const refused = await search(text);
    assert.equal(refused.status, 400);
    assert.deepEqual(refused.json, texts);
  }
});

test("the server is unharmed", () => assertUnharmed(server));
