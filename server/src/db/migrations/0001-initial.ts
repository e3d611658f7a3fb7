import type { Migration } from "../migrate.ts";

/** Users, conversations with their change sequence, participants, messages; sessions and the refresh tokens they gave out. */
export const initial: Migration = {
  number: 1,
  name: "initial",
  requires: 1,
  statements: ({ text, integer, table, keyedTable }) => [
    `create table users (
      user_id ${text} not null primary key,
      username ${text} not null unique,
      first_name ${text} not null default '',
      last_name ${text} not null default '',
      email ${text} not null default '',
      phone_number ${text},
      role ${text} not null default 'guest',
      created_at ${text} not null,
      password ${text} not null,
      password_epoch ${integer} not null default 0,
      is_active ${integer} not null default 1,
      is_staff ${integer} not null default 0,
      is_superuser ${integer} not null default 0,
      last_login ${text},
      deleted_at ${text}
    ) ${keyedTable}`,
    `create unique index users_email on users (email) where email <> ''`,

    `create table conversations (
      conversation_id ${text} not null primary key,
      seq ${integer} not null default 0,
      message_count ${integer} not null default 0,
      last_sent_at ${text} not null default '',
      created_at ${text} not null,
      deleted_at ${text}
    ) ${keyedTable}`,
    `create index conversations_deleted on conversations (deleted_at) where deleted_at is not null`,

    `create table participants (
      conversation_id ${text} not null references conversations (conversation_id),
      user_id ${text} not null references users (user_id),
      role ${text} not null,
      joined_at ${text} not null,
      left_at ${text},
      conversation_created_at ${text} not null,
      changed_seq ${integer} not null,
      read_seq ${integer} not null default 0,
      read_count ${integer} not null default 0,
      sent_count ${integer} not null default 0,
      primary key (conversation_id, user_id)
    ) ${keyedTable}`,
    `create index participants_of_user
      on participants (user_id, left_at, conversation_created_at desc, conversation_id)`,

    `create table messages (
      message_id ${text} not null primary key,
      conversation_id ${text} not null references conversations (conversation_id),
      sender_id ${text} not null references users (user_id),
      seq ${integer} not null,
      changed_seq ${integer} not null,
      client_id ${text},
      payload_hash ${text},
      message_body ${text} not null,
      sent_at ${text} not null,
      edited_at ${text},
      deleted_at ${text}
    ) ${table}`,
    `create unique index messages_history on messages (conversation_id, seq) where deleted_at is null`,
    `create index messages_changes on messages (conversation_id, changed_seq)`,
    `create unique index messages_client on messages (sender_id, conversation_id, client_id) where client_id is not null`,

    // No foreign key to users: a validly signed token may name a user who is not here, and can be blacklisted all the same.
    `create table sessions (
      session_id ${text} not null primary key,
      user_id ${text} not null,
      kind ${text} not null,
      key_hash ${text} unique,
      password_epoch ${integer} not null,
      current_jti ${text},
      previous_jti ${text},
      created_at ${text} not null,
      expires_at ${text} not null,
      ended_at ${text},
      end_reason ${text}
    ) ${keyedTable}`,
    `create index sessions_of_user on sessions (user_id)`,
    `create index sessions_expiry on sessions (expires_at)`,

    `create table refresh_tokens (
      jti ${text} not null primary key,
      session_id ${text} not null references sessions (session_id),
      expires_at ${text} not null,
      spent_at ${text}
    ) ${keyedTable}`,
    `create index refresh_tokens_of_session on refresh_tokens (session_id)`,
    `create index refresh_tokens_expiry on refresh_tokens (expires_at)`,
  ],
};
