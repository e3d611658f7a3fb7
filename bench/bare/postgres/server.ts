/**
 * The measure of Earshot's own cost on PostgreSQL: the same statements over the same driver and as many connections, sent at
 * the same moments, the same token check, the same bytes out, in plain node:http without a framework. Not a server to use:
 * of what a request may get wrong it looks at the least that keeps the answers right.
 */
import { randomUUIDv7 } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { PARTICIPANT_ROLES } from "@earshot/protocol";
import { loadConfig } from "@earshot/server";
import { createClock, toMoment } from "../../../server/src/clock.ts";
import { conversationPages } from "../../../server/src/conversations/store.ts";
import { sendAtOnce } from "../../../server/src/messages/at-once-store.ts";
import { historyPages } from "../../../server/src/messages/store.ts";
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

const config = await loadConfig();
const clock = createClock();
const tokens = createTokens(config.secretKey, clock);
const passwords = createPasswords({ concurrency: 2, queueLimit: 128, deadlineMs: 10_000 });
const database = await openDatabase(config);
const find = {
  caller: database.prepareRead(findCaller),
  login: database.prepareRead(findLogin),
  token: database.prepareRead(findRefreshToken),
};
const pages = {
  messages: database.prepareRead(historyPages.asc),
  conversations: database.prepareRead(conversationPages.desc),
};
const insert = database.prepareWrite(sendAtOnce);
/** Every role may send. */
const roles = JSON.stringify(PARTICIPANT_ROLES);

async function send(caller: string, conversation: string, message_body: string): Promise<Answer> {
  const [message, now] = [randomUUIDv7(), clock.moment()];
  const nothing = { client_id: null, payload_hash: null };
  const sent = await insert({ caller, conversation, roles, message, message_body, now, ...nothing });
  return sent === undefined ? absent : created(sent.json);
}

async function verify(token: string): Promise<Answer> {
  const claims = tokens.read(token);
  if (claims === undefined) return refused;
  const known = claims.token_type === "access" ? undefined : await find.token({ jti: claims.jti });
  return known === undefined || (known.spent_at === null && known.ended_at === null) ? ok("{}") : refused;
}

async function refresh(token: string): Promise<Answer> {
  const claims = tokens.read(token);
  if (claims?.token_type !== "refresh") return refused;
  const { jti, user_id, iat } = claims;
  return database.inTransaction(async (run) => {
    const known = await run(findRefreshToken, { jti });
    if (known === undefined || known.spent_at !== null || known.ended_at !== null) return refused;
    if ((await run(findCaller, { user: user_id }))?.is_active !== 1) return refused;
    if ((await run(spendRefreshToken, { jti, now: clock.moment() })) === undefined) return refused;
    const pair = tokens.makePair(user_id, iat);
    const [session, expires_at] = [known.session_id, toMoment(pair.exp * 1_000_000)];
    await run(insertRefreshToken, { jti: pair.jti, session, expires_at, spent_at: null });
    await run(rotateSession, { session, spent_jti: jti, current_jti: pair.jti, expires_at });
    return ok(JSON.stringify({ access: pair.access, refresh: pair.refresh }));
  });
}

/** Signing in is not measured. */
async function obtain(username: string, password: string): Promise<Answer> {
  const user = await find.login({ username });
  const { matches } = await passwords.verify(password, user?.password);
  if (user === undefined || !matches || user.is_active !== 1) return refused;
  const { refresh: text, access, jti, exp } = tokens.makePair(user.user_id);
  const [session, now, expires_at] = [randomUUIDv7(), clock.moment(), toMoment(exp * 1_000_000)];
  const opened = { session, user: user.user_id, kind: "token", key_hash: null, current_jti: jti, now, expires_at };
  await database.inTransaction(async (run) => {
    await run(insertSession, { ...opened, epoch: user.password_epoch });
    await run(insertRefreshToken, { jti, session, expires_at, spent_at: null });
  });
  return ok(JSON.stringify({ refresh: text, access }));
}

function answerTokens(path: string, body: string): Promise<Answer> {
  const { token, refresh: old, username, password } = readCredentials(body);
  if (path === "/api/token/verify/") return verify(token);
  return path === "/api/token/refresh/" ? refresh(old) : obtain(username, password);
}

async function carryOut(caller: string, { method, url = "", headers }: IncomingMessage, body: string): Promise<Answer> {
  if (url === conversationsPath) {
    return pageAnswer(
      headers.host,
      url,
      await pages.conversations({ caller, messages: 20, limit: pageSize, offset: 0 }),
    );
  }
  const conversation = conversationOf(url);
  if (conversation === undefined) return absent;
  if (method === "GET") {
    return pageAnswer(headers.host, url, await pages.messages({ caller, conversation, limit: pageSize, offset: 0 }));
  }
  const text = readText(body);
  return text === "" ? textMissing : send(caller, conversation, text);
}

/** The caller is looked up while their request is carried out; the statement of a send looks for itself, too. */
async function answerCaller(caller: string, request: IncomingMessage, body: string): Promise<Answer> {
  const [account, answer] = await Promise.all([find.caller({ user: caller }), carryOut(caller, request, body)]);
  return account?.is_active === 1 ? answer : refused;
}

function serve(request: IncomingMessage, response: ServerResponse, body: string): void {
  const { method, url = "" } = request;
  const isToken = method === "POST" && url.startsWith("/api/token/");
  const allow = isToken ? allowed.posts : allowed.lists;
  const caller = isToken ? undefined : tokens.bearerOf(request);
  if (!isToken && caller === undefined) return respond(response, allow, refused);
  const answered = caller === undefined ? answerTokens(url, body) : answerCaller(caller, request, body);
  answered.then(
    (answer) => respond(response, allow, answer),
    () => respond(response, allow, failure),
  );
}

listen(config.port, serve, () => void database.close());
