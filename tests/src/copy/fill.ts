// node tests/src/copy/fill.ts URL MESSAGES
// Migrates a new database and fills it with so many messages, and the users and conversations they need: what
// docs/operations/copy.md measures.
import { randomUUIDv7 } from "node:crypto";

import { createClock, migrate } from "@earshot/server";
import { POSTGRES } from "../../../server/src/copy/place.ts";
import { type Row, rowsText, statementsOf } from "../../../server/src/copy/statements.ts";
import { copiedTables } from "../../../server/src/copy/tables.ts";
import type { Database } from "../../../server/src/db/database.ts";
import { openDatabase } from "../../../server/src/db/open.ts";
import { all } from "../../../server/src/db/transaction.ts";

const AT_ONCE = 5000;
const MESSAGES_A_CONVERSATION = 500;
const TOKENS_A_USER = 5;
const EXPIRY = "2999-01-01T00:00:00.000000Z";
const WORDS =
  'can it think whatever we know how to order it to perform "that" – and \\ or 😀, in one line\nor two'.split(" ");

/** Fills a migrated, empty database. As many users as conversations, two of them in each, who take turns. */
export async function fill(database: Database, messages: number, each = MESSAGES_A_CONVERSATION): Promise<void> {
  const count = Math.max(2, Math.ceil(messages / each));
  const conversations = ids(count);
  const users = ids(count);
  const sessions = ids(count);
  const talker = (conversation: number, turn: number) => at(users, conversation + (turn % 2));
  /** Messages in the conversation of this number. */
  const within = (conversation: number) => Math.ceil((messages - conversation) / count);
  const { moment } = createClock();
  const begun = moment();

  await insert(database, "users", count, (n) => ({
    user_id: at(users, n),
    username: `user-${n}`,
    first_name: "",
    last_name: "",
    email: n % 3 === 0 ? "" : `${n}@example.com`,
    phone_number: null,
    role: "guest",
    created_at: begun,
    password: "!",
    password_epoch: 0,
    is_active: 1,
    is_staff: 0,
    is_superuser: 0,
    last_login: null,
    deleted_at: null,
  }));
  await insert(database, "conversations", count, (n) => ({
    conversation_id: at(conversations, n),
    seq: within(n) + 1,
    message_count: within(n),
    last_sent_at: begun,
    created_at: begun,
    deleted_at: null,
  }));
  await insert(database, "participants", 2 * count, (n) => ({
    conversation_id: at(conversations, n),
    user_id: talker(n % count, n < count ? 0 : 1),
    role: n < count ? "owner" : "member",
    joined_at: begun,
    left_at: null,
    conversation_created_at: begun,
    changed_seq: 1,
    read_seq: 0,
    read_count: 0,
    sent_count: Math.ceil((within(n % count) - (n < count ? 0 : 1)) / 2),
  }));
  await insert(database, "messages", messages, (n) => ({
    message_id: randomUUIDv7(),
    conversation_id: at(conversations, n),
    sender_id: talker(n % count, Math.floor(n / count)),
    seq: Math.floor(n / count) + 2,
    changed_seq: Math.floor(n / count) + 2,
    client_id: n % 2 === 0 ? randomUUIDv7() : null,
    payload_hash: n % 2 === 0 ? "h".repeat(43) : null,
    message_body: Array.from({ length: 1 + (n % 20) }, (_, word) => at(WORDS, n + word)).join(" "),
    sent_at: moment(),
    edited_at: n % 50 === 0 ? moment() : null,
    deleted_at: null,
  }));
  await insert(database, "sessions", count, (n) => ({
    session_id: at(sessions, n),
    user_id: at(users, n),
    kind: "token",
    key_hash: `key-${n}`,
    password_epoch: 0,
    current_jti: null,
    previous_jti: null,
    created_at: begun,
    expires_at: EXPIRY,
    ended_at: null,
    end_reason: null,
  }));
  await insert(database, "refresh_tokens", count * TOKENS_A_USER, (n) => ({
    jti: randomUUIDv7().replaceAll("-", ""),
    session_id: at(sessions, n),
    expires_at: EXPIRY,
    spent_at: n < count ? null : begun,
  }));
}

const ids = (length: number) => Array.from({ length }, () => randomUUIDv7());

const at = (texts: readonly string[], number: number) => texts[number % texts.length] ?? "";

async function insert(database: Database, name: string, count: number, row: (n: number) => Row): Promise<void> {
  const table = copiedTables.find((one) => one.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  const { write } = statementsOf(table);
  for (let start = 0; start < count; start += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, n) => row(start + n));
    await database.write(() => all(write, { rows: rowsText(database.words, Object.keys(table.columns), rows) }));
  }
}

if (import.meta.main) {
  const [url = "", messages = "1000000"] = process.argv.slice(2);
  const database = openDatabase(url, POSTGRES);
  try {
    await migrate(database, createClock().moment());
    await fill(database, Number(messages));
  } finally {
    await database.close();
  }
}
