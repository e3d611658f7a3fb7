import { limited } from "../db/limit.ts";
import { statement } from "../db/statement.ts";

export const insertSession = statement({
  name: "sessions.insert",
  params: {
    session: "text",
    user: "text",
    kind: "text",
    key_hash: "text?",
    epoch: "integer",
    current_jti: "text?",
    now: "text",
    expires_at: "text",
  },
  row: {},
  sql: () => `
    insert into sessions (session_id, user_id, kind, key_hash, password_epoch, current_jti, created_at, expires_at)
    values ($session, $user, $kind, $key_hash, $epoch, $current_jti, $now, $expires_at)`,
});

/** A cookie session that has not ended or run out, with its user as they are now. */
export const findCookieSession = statement({
  name: "sessions.findCookie",
  params: { key_hash: "text", now: "text" },
  row: {
    session_id: "text",
    password_epoch: "integer",
    user_id: "text",
    is_active: "integer",
    current_epoch: "integer",
  },
  sql: () => `
    select s.session_id, s.password_epoch, u.user_id, u.is_active, u.password_epoch as current_epoch
    from sessions s join users u on u.user_id = s.user_id
    where s.key_hash = $key_hash and s.ended_at is null and s.expires_at > $now and u.deleted_at is null`,
});

export const endCookieSession = statement({
  name: "sessions.endCookie",
  params: { key_hash: "text", reason: "text", now: "text" },
  row: {},
  sql: () => `
    update sessions set ended_at = $now, end_reason = $reason where key_hash = $key_hash and ended_at is null`,
});

export const endSession = statement({
  name: "sessions.end",
  params: { session: "text", reason: "text", now: "text" },
  row: {},
  sql: () => `
    update sessions set ended_at = $now, end_reason = $reason where session_id = $session and ended_at is null`,
});

export const deleteSession = statement({
  name: "sessions.delete",
  params: { session: "text" },
  row: {},
  sql: () => `delete from sessions where session_id = $session`,
});

export const deleteSessionsOfUser = statement({
  name: "sessions.deleteOfUser",
  params: { user: "text" },
  row: {},
  sql: () => `delete from sessions where user_id = $user`,
});

/** A session goes on under a new refresh token. */
export const rotateSession = statement({
  name: "sessions.rotate",
  params: { session: "text", spent_jti: "text", current_jti: "text", expires_at: "text" },
  row: {},
  sql: () => `
    update sessions set previous_jti = $spent_jti, current_jti = $current_jti, expires_at = $expires_at
    where session_id = $session`,
});

/** Some of the sessions that ran out and gave out no refresh token that still runs. */
export const deleteExpiredSessions = statement({
  name: "sessions.deleteExpired",
  params: { now: "text", limit: "integer" },
  row: { session_id: "text" },
  sql: () => `
    delete from sessions where session_id in (
      select s.session_id from sessions s where s.expires_at <= $now and not exists (
        select 1 from refresh_tokens t where t.session_id = s.session_id
      ) ${limited("$limit")}
    )
    returning session_id`,
});
