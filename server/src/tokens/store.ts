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
