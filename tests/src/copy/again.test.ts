import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import type { Progress } from "../../../server/src/copy/copy.ts";
import { copiedTables } from "../../../server/src/copy/tables.ts";
import { fill } from "./fill.ts";
import { contentsOf, copySides, directions, openSides, type Side } from "./support.ts";

const KILLED = fileURLToPath(new URL("./killed-main.ts", import.meta.url));

/** More than two pages of them. */
const MESSAGES = 12_000;
const AFTER_ROWS = 8000;

for (const { name, from, to, only } of directions) {
  describe(`a copy from ${name}, run again`, () => {
    test("goes on where it was killed", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, MESSAGES));

      const child = fork(KILLED, [source.url, target.url, String(AFTER_ROWS)], { stdio: "inherit" });
      const [, signal] = await once(child, "exit");
      assert.equal(signal, "SIGKILL");
      const there = await messagesIn(target);
      assert.ok(there > 0 && there < MESSAGES, `${there} messages were copied before`);

      assertEqual(await copySides(source, target));
      assert.deepEqual(await contentsOf(target), await contentsOf(source));
    });

    test("goes on where it was stopped", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, MESSAGES));
      const stopping = new AbortController();
      const onProgress = ({ rows }: Progress) => void (rows >= AFTER_ROWS && stopping.abort());
      await assert.rejects(copySides(source, target, { signal: stopping.signal, onProgress }), {
        message: "The copy was stopped.",
        advice: /Run the same command again/,
      });
      const there = await messagesIn(target);
      assert.ok(there > 0 && there < MESSAGES, `${there} messages were copied before`);
      assertEqual(await copySides(source, target));
      assert.deepEqual(await contentsOf(target), await contentsOf(source));
    });

    test("writes nothing where nothing has changed", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, 1000));
      await copySides(source, target);
      await forbidWrites(target);
      assertEqual(await copySides(source, target));
    });

    test("takes over what was changed, added and removed", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, 2000, 50));
      await copySides(source, target);

      const [{ conversation_id = "" } = {}] = await source.rows("select conversation_id from conversations limit 1");
      const gone = `'${String(conversation_id)}'`;
      for (const sql of [
        `delete from messages where conversation_id = ${gone}`,
        `delete from participants where conversation_id = ${gone}`,
        `delete from conversations where conversation_id = ${gone}`,
        "delete from refresh_tokens where session_id in (select max(session_id) from sessions)",
        "delete from sessions where session_id in (select max(session_id) from sessions)",
        "update messages set message_body = 'changed', edited_at = 'now' where seq = 7",
        `insert into messages (message_id, conversation_id, sender_id, seq, changed_seq, message_body, sent_at)
          select 'a' || min(message_id), max(conversation_id), max(sender_id), 9999, 9999, 'added', '' from messages`,
      ])
        await source.rows(sql);
      assertEqual(await copySides(source, target));
      assert.deepEqual(await contentsOf(target), await contentsOf(source));
    });

    test("takes over what two rows have exchanged, be they near or far from each other", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      // More users and sessions than are read together.
      await source.fill((database) => fill(database, 3000, 5));
      await copySides(source, target);
      const users = (await source.rows("select user_id as id from users order by user_id")).map(idOf);
      const sessions = (await source.rows("select session_id as id from sessions order by session_id")).map(idOf);
      const messages = (await source.rows(longestTalk)).map(idOf);
      for (const [one, other] of [
        [0, -1],
        [1, 2],
      ] as const) {
        await exchange(source, "users", ["username", "email"], [users.at(one), users.at(other)]);
        await exchange(source, "sessions", ["key_hash"], [sessions.at(one), sessions.at(other)]);
        await exchange(source, "messages", ["seq", "client_id"], [messages.at(one), messages.at(other)]);
      }
      const before = await contentsOf(target);
      assertEqual(await copySides(source, target));
      assert.deepEqual(await contentsOf(target), await contentsOf(source));
      assert.notDeepEqual(await contentsOf(target), before);
    });

    test("takes over what a new row has taken from another far behind it", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, 3000, 5));
      await copySides(source, target);
      const last = "select username from users order by user_id desc limit 1";
      const [{ username = "" } = {}] = await source.rows(last);
      for (const sql of [
        "update users set username = 'renamed' where user_id in (select max(user_id) from users)",
        `insert into users (user_id, username, created_at, password) values ('0', ${literal(username)}, '', '')`,
        "update messages set seq = 9999 where message_id in (select max(message_id) from messages)",
        `insert into messages (message_id, conversation_id, sender_id, seq, changed_seq, message_body, sent_at)
          select '0', conversation_id, sender_id, changed_seq, changed_seq, '', '' from messages where seq = 9999`,
      ])
        await source.rows(sql);
      assertEqual(await copySides(source, target));
      assert.deepEqual(await contentsOf(target), await contentsOf(source));
    });
  });
}

/** The messages of one sender in one conversation, in the order of their ids. */
const longestTalk = `select message_id as id from messages
  where (conversation_id, sender_id) in (select conversation_id, sender_id from messages order by message_id limit 1)
  order by message_id`;

const idOf = ({ id }: Readonly<Record<string, unknown>>) => String(id);

const literal = (value: unknown) => (typeof value === "string" ? `'${value}'` : String(value));

/** Gives each of two rows what the other has in these columns. */
async function exchange(
  { rows }: Side,
  table: "users" | "sessions" | "messages",
  columns: readonly string[],
  [one = "", other = ""]: readonly [string | undefined, string | undefined],
): Promise<void> {
  const key = `${table.slice(0, -1)}_id`;
  const read = async (id: string) =>
    (await rows(`select ${columns.join(", ")} from ${table} where ${key} = '${id}'`))[0];
  const write = (id: string, values: readonly unknown[]) =>
    rows(
      `update ${table} set ${columns
        .map((column, index) => `${column} = ${literal(values[index])}`)
        .join(", ")} where ${key} = '${id}'`,
    );
  const [ofOne, ofOther] = [await read(one), await read(other)];
  assert.ok(ofOne !== undefined && ofOther !== undefined && one !== other);
  await write(
    other,
    columns.map((column) => (column === "seq" ? 100_000 : `no ${column}`)),
  );
  await write(one, Object.values(ofOther));
  await write(other, Object.values(ofOne));
}

const messagesIn = async ({ rows }: Side) =>
  Number((await rows("select count(*) as count from messages"))[0]?.["count"]);

const assertEqual = ({ tables }: Awaited<ReturnType<typeof copySides>>) =>
  assert.deepEqual(
    tables.filter(({ isEqual }) => !isEqual).map(({ table }) => table),
    [],
  );

/** From now on each write of a row to one of its tables fails. */
async function forbidWrites({ rows, url }: Side): Promise<void> {
  const tables = copiedTables.map(({ name }) => name);
  if (url.startsWith("sqlite:")) {
    for (const table of tables)
      for (const kind of ["insert", "update", "delete"])
        await rows(
          `create trigger ${table}_${kind} before ${kind} on ${table} begin select raise(abort, 'written'); end`,
        );
    return;
  }
  await rows("create function refuse() returns trigger language plpgsql as $$ begin raise 'written'; end $$");
  for (const table of tables)
    await rows(
      `create trigger refuse before insert or update or delete on ${table} for each row execute function refuse()`,
    );
}
