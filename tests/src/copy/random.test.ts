import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as fc from "fast-check";

import { rowsText, statementsOf } from "../../../server/src/copy/statements.ts";
import { type CopiedTable, copiedTables } from "../../../server/src/copy/tables.ts";
import type { Database } from "../../../server/src/db/database.ts";
import { all } from "../../../server/src/db/transaction.ts";
import { contentsOf, copySides, directions, openSides } from "./support.ts";

const RUNS = 10;

type Row = Readonly<Record<string, string | number | null>>;
type Contents = ReadonlyMap<string, readonly Row[]>;

/** Any text that both engines store: without the character zero, and without halves of characters. */
const short = fc.oneof(
  fc.string({ unit: "binary" }).map((any) => any.replaceAll("\0", "")),
  fc.constantFrom(
    "",
    " ",
    "'",
    '"',
    "\\",
    "\\u0000",
    "\n\r\t",
    "😀👩‍👩‍👧",
    "\uFEFF",
    "\u2028",
    "\uFFFF",
    "e\u0301",
    "NULL",
    "null",
    "{}",
    "$1",
  ),
);
/** The same, and too long for an index of PostgreSQL's. */
const text = fc.oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: fc.constant("long 😀".repeat(30_000)) });
const whole = fc.oneof(fc.nat(), fc.maxSafeInteger());

/** A handful of keys and names, so that the same come again with something else. */
const few = (kind: string) => Array.from({ length: 5 }, (_, n) => `${kind}-${n}`);
/** In this order keys differ by bytes and by UTF-16 units, where they begin alike. */
const odd = ["\u{10000}", "\uFFFD", "é", "z", "Z"];

const anyContents: fc.Arbitrary<Contents> = fc
  .record({
    users: fc.uniqueArray(
      fc.record({
        user_id: fc.constantFrom(...odd),
        username: fc.constantFrom(...few("name")),
        email: fc.constantFrom("", ...few("mail")),
        first_name: text,
        phone_number: fc.option(text),
        is_active: fc.nat({ max: 1 }),
      }),
      {
        comparator: (a, b) =>
          a.user_id === b.user_id || a.username === b.username || (a.email !== "" && a.email === b.email),
      },
    ),
    conversations: fc.uniqueArray(
      fc.record({ conversation_id: fc.constantFrom(...few("conversation")), seq: whole, deleted_at: fc.option(short) }),
      { selector: ({ conversation_id }) => conversation_id },
    ),
    sessions: fc.uniqueArray(
      fc.record({
        session_id: fc.constantFrom(...few("session")),
        user_id: short,
        key_hash: fc.option(fc.constantFrom(...few("hash"))),
      }),
      { comparator: (a, b) => a.session_id === b.session_id || (a.key_hash !== null && a.key_hash === b.key_hash) },
    ),
    places: fc.array(fc.tuple(fc.nat(), fc.nat(), whole)),
    messages: fc.uniqueArray(
      fc.record({
        message_id: fc.constantFrom(...few("message"), ...odd),
        conversation: fc.nat({ max: 4 }),
        sender: fc.nat({ max: 4 }),
        seq: fc.nat({ max: 4 }),
        client_id: fc.option(fc.constantFrom(...few("client"))),
        message_body: text,
        deleted_at: fc.option(fc.constant("then")),
      }),
      { selector: ({ message_id }) => message_id },
    ),
    tokens: fc.uniqueArray(
      fc.record({ jti: fc.constantFrom(...few("jti")), session: fc.nat(), spent_at: fc.option(short) }),
      {
        selector: ({ jti }) => jti,
      },
    ),
  })
  .map(({ users, conversations, sessions, places, messages, tokens }) => {
    const at = <T>(rows: readonly T[], number: number) => rows[number % rows.length];
    const participants = places.flatMap(([c, u, read_seq]) => {
      const [conversation, user] = [at(conversations, c), at(users, u)];
      return conversation && user
        ? [{ conversation_id: conversation.conversation_id, user_id: user.user_id, read_seq }]
        : [];
    });
    const said = messages.flatMap(({ conversation, sender, ...message }) => {
      const [within, by] = [at(conversations, conversation), at(users, sender)];
      return within && by ? [{ ...message, conversation_id: within.conversation_id, sender_id: by.user_id }] : [];
    });
    const refresh_tokens = tokens.flatMap(({ session, ...token }) => {
      const of = at(sessions, session);
      return of ? [{ ...token, session_id: of.session_id }] : [];
    });
    return new Map<string, readonly Row[]>([
      ["users", users],
      ["conversations", conversations],
      ["participants", firstOf(participants, (row) => `${row.conversation_id} ${row.user_id}`)],
      [
        "messages",
        firstOf(
          firstOf(said, (row) => row.deleted_at === null && `${row.conversation_id} ${row.seq}`),
          (row) => row.client_id !== null && `${row.sender_id} ${row.conversation_id} ${row.client_id}`,
        ),
      ],
      ["sessions", sessions],
      ["refresh_tokens", refresh_tokens],
    ]);
  });

/** Of the rows that have the same in common, the first. @param common false where a row shares nothing with others */
function firstOf<T>(rows: readonly T[], common: (row: T) => string | false): readonly T[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = common(row);
    if (key === false) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Makes these the rows of a database, and no others. */
const replace = (database: Database, contents: Contents) =>
  database.write(function* () {
    for (const { name } of copiedTables.toReversed())
      yield* all({ name: "", params: {}, row: {}, sql: () => `delete from ${name}` }, {});
    for (const table of copiedTables) {
      const rows = (contents.get(table.name) ?? []).map((row) => ({ ...blank(table), ...row }));
      const given = rowsText(database.words, Object.keys(table.columns), rows);
      if (rows.length > 0) yield* all(statementsOf(table).write, { rows: given });
    }
  });

/** A row in which nothing is said. */
const blank = ({ columns }: CopiedTable): Row =>
  Object.fromEntries(
    Object.entries(columns).map(([name, type]) => [name, type === "text" ? "" : type === "integer" ? 0 : null]),
  );

for (const { name, from, to, only } of directions) {
  describe(`copies from ${name}`, () => {
    test(
      "one after the other into the same target make it equal to whatever the source holds by then",
      only,
      async () => {
        await using sides = await openSides();
        const [source, target] = [await sides.create(from), await sides.create(to)];
        await source.fill((database) =>
          fc.assert(
            fc.asyncProperty(anyContents, async (contents) => {
              await replace(database, contents);
              const { tables } = await copySides(source, target);
              const here = await contentsOf(source);
              assert.deepEqual(await contentsOf(target), here);
              for (const { table, isEqual, ...both } of tables) {
                assert.ok(isEqual, table);
                assert.deepEqual(both.source, both.target);
                assert.equal(both.source.rows, here[table]?.length);
              }
            }),
            { numRuns: RUNS },
          ),
        );
      },
    );
  });
}
