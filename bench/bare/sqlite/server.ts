/**
 * The measure of Earshot's own cost on SQLite: the same statements, the same token check and user look-up, the same
 * durability and group commit, the same bytes out, in plain node:http without a framework. Not a server to use: of what a
 * request may get wrong it looks at the least that keeps the answers right.
 */
import { randomUUIDv7 } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { createClock, toMoment } from "../../../server/src/clock.ts";
import { countSent } from "../../../server/src/conversations/participants-store.ts";
import { conversationPages, nextMessageSeq } from "../../../server/src/conversations/store.ts";
import { findMessage, historyPages, insertMessage } from "../../../server/src/messages/store.ts";
import { createPasswords } from "../../../server/src/passwords/passwords.ts";
import { insertSession, rotateSession } from "../../../server/src/sessions/store.ts";
import { findRefreshToken, insertRefreshToken, spendRefreshToken } from "../../../server/src/tokens/store.ts";
import { findCaller, findLogin } from "../../../server/src/users/store.ts";
import {
  absent,
  allowed,
  conversationOf,
  conversationsPath,
  created,
  failure,
  listen,
  ok,
  pageAnswer,
  pageSize,
  readCredentials,
  readText,
  refused,
  respond,
  textMissing,
} from "../http.ts";
import type { Answer } from "../http.ts";
import { createTokens } from "../tokens.ts";
import { openDatabase } from "./database.ts";

const { SECRET_KEY = "", EARSHOT_DATA_DIR = "", PORT = "" } = process.env;
const clock = createClock();
const tokens = createTokens(SECRET_KEY, clock);
const passwords = createPasswords({ concurrency: 2, queueLimit: 128, deadlineMs: 10_000 });
const database = openDatabase(join(EARSHOT_DATA_DIR, "earshot.db"));
const find = {
  caller: database.prepare(findCaller),
  login: database.prepare(findLogin),
  message: database.prepare(findMessage),
  token: database.prepare(findRefreshToken),
};
const pages = { messages: database.prepare(historyPages.asc), conversations: database.prepare(conversationPages.desc) };
const nextSeq = database.prepare(nextMessageSeq);
const count = database.prepare(countSent);
const insert = {
  message: database.prepare(insertMessage),
  session: database.prepare(insertSession),
  token: database.prepare(insertRefreshToken),
};
const spend = database.prepare(spendRefreshToken);
const rotate = database.prepare(rotateSession);

function callerOf(request: IncomingMessage): string | undefined {
  const user = tokens.bearerOf(request);
  return user !== undefined && find.caller({ user })?.is_active === 1 ? user : undefined;
}

function send(caller: string, conversation: string, message_body: string): Answer {
  const place = nextSeq({ caller, conversation, now: clock.moment() });
  if (count({ caller, conversation })?.role === undefined || place === undefined) return absent;
  const message = randomUUIDv7();
  insert.message({ message, conversation, caller, ...place, client_id: null, payload_hash: null, message_body });
  return created(find.message({ caller, message })?.json ?? "");
}

function verify(token: string): Answer {
  const claims = tokens.read(token);
  const known = claims === undefined || claims.token_type === "access" ? undefined : find.token({ jti: claims.jti });
  const isSpent = known !== undefined && (known.spent_at !== null || known.ended_at !== null);
  return claims === undefined || isSpent ? refused : ok("{}");
}

function refresh(token: string): Answer {
  const claims = tokens.read(token);
  if (claims?.token_type !== "refresh") return refused;
  const { jti, user_id, iat } = claims;
  const known = find.token({ jti });
  if (known === undefined || known.spent_at !== null || known.ended_at !== null) return refused;
  if (find.caller({ user: user_id })?.is_active !== 1) return refused;
  if (spend({ jti, now: clock.moment() }) === undefined) return refused;
  const pair = tokens.makePair(user_id, iat);
  const [session, expires_at] = [known.session_id, toMoment(pair.exp * 1_000_000)];
  insert.token({ jti: pair.jti, session, expires_at, spent_at: null });
  rotate({ session, spent_jti: jti, current_jti: pair.jti, expires_at });
  return ok(JSON.stringify({ access: pair.access, refresh: pair.refresh }));
}

/** Signing in is not measured. */
async function obtain(username: string, password: string): Promise<() => Answer> {
  const user = find.login({ username });
  const { matches } = await passwords.verify(password, user?.password);
  if (user === undefined || !matches || user.is_active !== 1) return () => refused;
  return () => {
    const { refresh: text, access, jti, exp } = tokens.makePair(user.user_id);
    const [session, now, expires_at] = [randomUUIDv7(), clock.moment(), toMoment(exp * 1_000_000)];
    const epoch = user.password_epoch;
    insert.session({
      session,
      user: user.user_id,
      kind: "token",
      key_hash: null,
      epoch,
      current_jti: jti,
      now,
      expires_at,
    });
    insert.token({ jti, session, expires_at, spent_at: null });
    return ok(JSON.stringify({ refresh: text, access }));
  };
}

function respondAfterCommit(response: ServerResponse, allow: string, body: () => Answer): void {
  let outcome = failure;
  const run = (): void => {
    outcome = body();
  };
  database.write(run, (failed) => respond(response, allow, failed ? failure : outcome));
}

function serveTokens(path: string, body: string, response: ServerResponse): void {
  const { token, refresh: old, username, password } = readCredentials(body);
  if (path === "/api/token/verify/") return respond(response, allowed.posts, verify(token));
  if (path === "/api/token/refresh/") return respondAfterCommit(response, allowed.posts, () => refresh(old));
  obtain(username, password).then(
    (issue) => respondAfterCommit(response, allowed.posts, issue),
    () => respond(response, allowed.posts, failure),
  );
}

function serve(request: IncomingMessage, response: ServerResponse, body: string): void {
  const { method, url = "", headers } = request;
  if (method === "POST" && url.startsWith("/api/token/")) return serveTokens(url, body, response);
  const caller = callerOf(request);
  if (caller === undefined) return respond(response, allowed.lists, refused);
  if (url === conversationsPath) {
    const row = pages.conversations({ caller, messages: 20, limit: pageSize, offset: 0 });
    return respond(response, allowed.lists, pageAnswer(headers.host, url, row));
  }
  const conversation = conversationOf(url);
  if (conversation === undefined) return respond(response, allowed.lists, absent);
  if (method === "GET") {
    const row = pages.messages({ caller, conversation, limit: pageSize, offset: 0 });
    return respond(response, allowed.lists, pageAnswer(headers.host, url, row));
  }
  const text = readText(body);
  if (text === "") return respond(response, allowed.lists, textMissing);
  respondAfterCommit(response, allowed.lists, () => send(caller, conversation, text));
}

listen(Number(PORT), serve, database.close);
