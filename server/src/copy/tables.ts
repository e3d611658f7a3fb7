import type { Shape } from "../db/statement.ts";

/** A table as the copy knows it. A test compares these with the schema of a migrated database. */
export interface CopiedTable {
  readonly name: string;
  /** Every column, in the order in which a row's checksum takes them. */
  readonly columns: Shape;
  /** The columns of the primary key: all of them texts. */
  readonly key: readonly string[];
  /** Whether rows of another table point to rows of this one. */
  readonly isReferenced: boolean;
  readonly uniques: readonly Unique[];
}

/** What no two rows of a table may have in common, beside the primary key. */
interface Unique {
  readonly columns: readonly string[];
  /** The rows it is about, by names of columns; all of them, unless said. */
  readonly where?: string;
  /** An assignment that takes a row out of everybody's way, until the row itself is written anew. */
  readonly release: string;
}

/** Those that others point to come before those others. */
export const copiedTables: readonly CopiedTable[] = [
  {
    name: "users",
    columns: {
      user_id: "text",
      username: "text",
      first_name: "text",
      last_name: "text",
      email: "text",
      phone_number: "text?",
      role: "text",
      created_at: "text",
      password: "text",
      password_epoch: "integer",
      is_active: "integer",
      is_staff: "integer",
      is_superuser: "integer",
      last_login: "text?",
      deleted_at: "text?",
    },
    key: ["user_id"],
    isReferenced: true,
    uniques: [
      // No user name has a space in it.
      { columns: ["username"], release: "username = 'being copied ' || user_id" },
      { columns: ["email"], where: "email <> ''", release: "email = ''" },
    ],
  },
  {
    name: "conversations",
    columns: {
      conversation_id: "text",
      seq: "integer",
      message_count: "integer",
      last_sent_at: "text",
      created_at: "text",
      deleted_at: "text?",
    },
    key: ["conversation_id"],
    isReferenced: true,
    uniques: [],
  },
  {
    name: "participants",
    columns: {
      conversation_id: "text",
      user_id: "text",
      role: "text",
      joined_at: "text",
      left_at: "text?",
      conversation_created_at: "text",
      changed_seq: "integer",
      read_seq: "integer",
      read_count: "integer",
      sent_count: "integer",
    },
    key: ["conversation_id", "user_id"],
    isReferenced: false,
    uniques: [],
  },
  {
    name: "messages",
    columns: {
      message_id: "text",
      conversation_id: "text",
      sender_id: "text",
      seq: "integer",
      changed_seq: "integer",
      client_id: "text?",
      payload_hash: "text?",
      message_body: "text",
      sent_at: "text",
      edited_at: "text?",
      deleted_at: "text?",
    },
    key: ["message_id"],
    isReferenced: false,
    uniques: [
      { columns: ["conversation_id", "seq"], where: "deleted_at is null", release: "deleted_at = 'being copied'" },
      {
        columns: ["sender_id", "conversation_id", "client_id"],
        where: "client_id is not null",
        release: "client_id = null",
      },
    ],
  },
  {
    name: "sessions",
    columns: {
      session_id: "text",
      user_id: "text",
      kind: "text",
      key_hash: "text?",
      password_epoch: "integer",
      current_jti: "text?",
      previous_jti: "text?",
      created_at: "text",
      expires_at: "text",
      ended_at: "text?",
      end_reason: "text?",
    },
    key: ["session_id"],
    isReferenced: true,
    uniques: [{ columns: ["key_hash"], release: "key_hash = null" }],
  },
  {
    name: "refresh_tokens",
    columns: { jti: "text", session_id: "text", expires_at: "text", spent_at: "text?" },
    key: ["jti"],
    isReferenced: false,
    uniques: [],
  },
];
