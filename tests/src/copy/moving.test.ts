import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { Json } from "../contract/json.ts";
import { textMember } from "../contract/json.ts";
import { logIn, withSession } from "../support/browser.ts";
import { createWorkplace, earshot } from "../support/cli.ts";
import { openConversation, request } from "../support/http.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { blacklist, obtain, type Pair, pairOf, PASSWORD, refresh } from "../support/tokens.ts";
import { contentsOf, copySides, directions, openSides } from "./support.ts";

const NAMES = ["ada", "bob", "cleo"] as const;

/** What the people of an installation hold, and so what must go on working. */
interface Held {
  readonly pairs: readonly Pair[];
  /** A refresh token that was refreshed, and one that was blacklisted. */
  readonly spent: string;
  readonly blacklisted: string;
  readonly sessionid: string;
  readonly conversations: readonly string[];
}

/** An installation in which everything has happened once. */
async function live(server: TestServer): Promise<Held> {
  const users: string[] = [];
  for (const username of NAMES)
    users.push((await server.createUser({ username, password: PASSWORD, email: `${username}@example.com` })).user_id);
  const pairs: Pair[] = [];
  for (const username of NAMES) pairs.push(await obtain(server, username));
  const [ada, bob, cleo] = pairs.map(({ access }) => access);
  assert.ok(ada !== undefined && bob !== undefined && cleo !== undefined);
  const send = async (bearer: string, conversation: string, message_body: string, client_id?: string) => {
    const json = { message_body, ...(client_id === undefined ? {} : { client_id }) };
    const sent = await request(server, "POST", `/api/conversations/${conversation}/messages/`, { bearer, json });
    assert.equal(sent.status, 201, sent.text);
    return textMember(sent.json, "message_id");
  };

  const three = await openConversation(server, ada, users.slice(1));
  const two = await openConversation(server, bob, users.slice(2));
  const said: string[] = [];
  for (const body of ["Hello!", 'It\'s "quoted", \\ and 😀\nin two lines', "soon changed", "soon gone"])
    said.push(await send(ada, three, body, `client-${body.length}`));
  await send(bob, three, "An answer");
  await send(cleo, two, "Only between two");
  await request(server, "PATCH", `/api/messages/${said[2]}/`, { bearer: ada, json: { message_body: "changed" } });
  await request(server, "DELETE", `/api/messages/${said[3]}/`, { bearer: ada });
  await request(server, "GET", `/api/conversations/${three}/messages/`, { bearer: cleo });
  const dropped = await openConversation(server, cleo, users.slice(0, 1));
  await send(cleo, dropped, "erased with its conversation");
  await request(server, "DELETE", `/api/conversations/${dropped}/`, { bearer: cleo });
  await server.createUser({ username: "dora", password: PASSWORD });
  await server.deleteUser("dora");
  await server.createUser({ username: "idle", password: PASSWORD });
  await server.setActive("idle", false);

  const { refresh: spent } = await obtain(server, "ada");
  await refresh(server, pairOf(await refresh(server, spent)).refresh);
  const { refresh: blacklisted } = await obtain(server, "bob");
  await blacklist(server, blacklisted);
  const { sessionid } = await logIn(server, "cleo");
  return { pairs, spent, blacklisted, sessionid, conversations: [three, two] };
}

/** Everything that can be read, as each of them. */
async function answers(server: TestServer, { pairs, sessionid, conversations }: Held): Promise<readonly Json[]> {
  const read = async (path: string, bearer: string) => {
    const { status, text } = await request(server, "GET", path, { bearer });
    return { path, status, text: text.replaceAll(server.host, "HOST") };
  };
  const found: Json[] = [];
  for (const { access } of pairs) {
    for (const path of ["/api/conversations/", "/api/messages/", "/api/messages/?search=quoted"])
      found.push(await read(path, access));
    for (const id of conversations) {
      found.push(await read(`/api/conversations/${id}/`, access));
      found.push(await read(`/api/conversations/${id}/messages/`, access));
    }
  }
  const session = await withSession(server, sessionid);
  return [...found, { status: session.status, text: session.text.replaceAll(server.host, "HOST") }];
}

for (const { name, from, to, only } of directions) {
  describe(`an installation moved from ${name}`, () => {
    test("answers as before, to the tokens and sessions of before", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      const before = await startServer({ settings: { DATABASE_URL: source.url } });
      let held: Held;
      let told: readonly Json[];
      try {
        held = await live(before);
        told = await answers(before, held);
        // The server runs on.
        const { tables } = await copySides(source, target);
        assert.ok(tables.every(({ isEqual, source: { rows } }) => isEqual && rows > 0));
      } finally {
        await before.close();
      }
      assert.ok(told.some((answer) => JSON.stringify(answer).includes("unread_count")));

      const after = await startServer({ settings: { DATABASE_URL: target.url } });
      try {
        assert.deepEqual(await answers(after, held), told);
        assert.equal((await refresh(after, held.blacklisted)).status, 401);
        assert.equal((await refresh(after, held.spent)).status, 401);
        const [mine] = held.pairs;
        assert.equal((await refresh(after, mine?.refresh ?? "")).status, 200);
        const [conversation = ""] = held.conversations;
        const json = { message_body: "Hello!", client_id: "client-6" };
        const path = `/api/conversations/${conversation}/messages/`;
        const again = await request(after, "POST", path, { bearer: mine?.access ?? "", json });
        assert.equal(again.status, 201, "a repeated send is answered");
        assert.match(again.text, /"seq":2,/, "as it was the first time");
        const next = await request(after, "POST", path, { bearer: mine?.access ?? "", json: { message_body: "New" } });
        assert.equal(next.status, 201);
      } finally {
        await after.close();
      }
    });

    test("and moved back has the same checksums", only, async () => {
      await using sides = await openSides();
      const [source, middle, end] = [await sides.create(from), await sides.create(to), await sides.create(from)];
      const server = await startServer({ settings: { DATABASE_URL: source.url } });
      await live(server);
      await server.close();
      const there = await copySides(source, middle);
      const back = await copySides(middle, end);
      assert.deepEqual(back.tables, there.tables);
      assert.deepEqual(await contentsOf(end), await contentsOf(source));
    });
  });
}

test("earshot copy says what it does, and the same with a second run", async () => {
  await using workplace = await createWorkplace();
  await earshot(workplace, ["migrate"]);
  await earshot(workplace, ["createuser", "ada"]);
  const run = () => earshot(workplace, ["copy", "--to", "sqlite:copied.db"]);
  const { code, out, err } = await run();
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  assert.match(out, /^table +rows +checksum of source +checksum of target\nusers +1 {2}([0-9a-f]{16}) +\1 +equal\n/);
  assert.equal(out.match(/ equal$/gm)?.length, 6);
  assert.match(out, /SECRET_KEY is not in the database/);
  const again = await run();
  assert.deepEqual({ code: again.code, err: again.err }, { code: 0, err: "" });
  assert.equal(again.out.split("The target")[0], out.split("The target")[0]);
});
