import { limited } from "../db/limit.ts";
import { statement } from "../db/statement.ts";

/** A refresh token that is known here, with the state of its session. */
export const findRefreshToken = statement({
  name: "tokens.find",
  params: { jti: "text" },
  row: {
    session_id: "text",
    spent_at: "text?",
    ended_at: "text?",
    previous_jti: "text?",
  },
  sql: () => `
    select t.session_id, t.spent_at, s.ended_at, s.previous_jti
    from refresh_tokens t join sessions s on s.session_id = t.session_id where t.jti = $jti`,
});

/** Nothing where the id is taken: of two that bring the same foreign token, one gets a row. */
export const insertRefreshToken = statement({
  name: "tokens.insert",
  params: { jti: "text", session: "text", expires_at: "text", spent_at: "text?" },
  row: { jti: "text" },
  sql: () => `
    insert into refresh_tokens (jti, session_id, expires_at, spent_at)
    values ($jti, $session, $expires_at, $spent_at)
    on conflict (jti) do nothing
    returning jti`,
});

/** Spends a token once: no row for whoever comes second. */
export const spendRefreshToken = statement({
  name: "tokens.spend",
  params: { jti: "text", now: "text" },
  row: { session_id: "text" },
  sql: () => `
    update refresh_tokens set spent_at = $now
    where jti = $jti and spent_at is null and exists (
      select 1 from sessions s where s.session_id = refresh_tokens.session_id and s.ended_at is null
    )
    returning session_id`,
});

/** Keeps what is known of a token for longer, where it may be taken for longer. */
export const keepRefreshToken = statement({
  name: "tokens.keep",
  params: { jti: "text", expires_at: "text" },
  row: {},
  sql: () => `update refresh_tokens set expires_at = $expires_at where jti = $jti and expires_at < $expires_at`,
});

/** What ties a user's tokens to their password; asked only where the settings want it. */
export const findPassword = statement({
  name: "tokens.findPassword",
  params: { user: "text" },
  row: { is_active: "integer", password: "text", password_epoch: "integer" },
  sql: () => `select is_active, password, password_epoch from users where user_id = $user and deleted_at is null`,
});

/** A user as the functions of the settings file are told of them. */
export const findHookUser = statement({
  name: "tokens.findHookUser",
  params: { user: "text" },
  row: {
    user_id: "text",
    username: "text",
    email: "text",
    first_name: "text",
    last_name: "text",
    role: "text",
    is_active: "integer",
    is_staff: "integer",
    is_superuser: "integer",
  },
  sql: () => `
    select user_id, username, email, first_name, last_name, role, is_active, is_staff, is_superuser
    from users where user_id = $user and deleted_at is null`,
});

/** Some of the tokens that have run out. */
export const deleteExpiredTokens = statement({
  name: "tokens.deleteExpired",
  params: { now: "text", limit: "integer" },
  row: { jti: "text" },
  sql: () => `
    delete from refresh_tokens where jti in (
      select t.jti from refresh_tokens t where t.expires_at <= $now ${limited("$limit")}
    )
    returning jti`,
});

export const deleteTokensOfUser = statement({
  name: "tokens.deleteOfUser",
  params: { user: "text" },
  row: {},
  sql: () => `
    delete from refresh_tokens where session_id in (select s.session_id from sessions s where s.user_id = $user)`,
});
