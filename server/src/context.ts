import { sessionAuthentication, jwtAuthentication } from "./auth/authentication.ts";
import { createJwtCodec } from "./auth/jwt.ts";
import { createKeys } from "./auth/keys.ts";
import { createTokens } from "./auth/token-types.ts";
import { type Clock, createClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { createConversationLists } from "./conversations/lists.ts";
import { createConversationService } from "./conversations/service.ts";
import { openDatabase } from "./db/open.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { createLog, type Log } from "./log.ts";
import { createMessageLists } from "./messages/lists.ts";
import { createMessageService } from "./messages/service.ts";
import { createPasswords } from "./passwords/passwords.ts";
import { createCookieSessions } from "./sessions/service.ts";
import { createTokenService } from "./tokens/service.ts";
import { createLogin } from "./users/login.ts";
import { createUserService } from "./users/service.ts";

/** Passwords hashed at once: below libuv's four threads, which files and DNS share. */
const HASHES_AT_ONCE = 2;
/** Logins that may wait beside those, and how long, in milliseconds. */
const HASHES_WAITING = 128;
const HASH_DEADLINE_MS = 10_000;

export interface ContextOptions {
  readonly clock?: Clock;
  readonly log?: Log;
}

export type Context = ReturnType<typeof createContext>;

/** Everything the server is made of, built once from its configuration and handed down. The database is open after it. */
export function createContext(config: Config, options: ContextOptions = {}) {
  const clock = options.clock ?? createClock();
  const log = options.log ?? createLog(config.logLevel);
  const database = openDatabase(config.databaseUrl, config.postgres);
  const passwords = createPasswords({
    concurrency: HASHES_AT_ONCE,
    queueLimit: HASHES_WAITING,
    deadlineMs: HASH_DEADLINE_MS,
  });
  const { jwt } = config;
  const keys = createKeys(jwt, { now: clock.seconds, log });
  const codec = createJwtCodec({ ...jwt, keys, now: clock.seconds });
  const tokens = createTokens(codec, jwt, clock);
  const login = createLogin({ database, passwords, log });
  const sessions = createCookieSessions({ database, clock, ageSeconds: config.session.cookieAgeSeconds });
  const housekeeping = createHousekeeping(database, clock, log);

  return {
    config,
    clock,
    log,
    database,
    housekeeping,
    login,
    sessions,
    authentication: [jwtAuthentication(database, tokens, jwt), sessionAuthentication(sessions)],
    tokens: createTokenService({
      database,
      tokens,
      login,
      settings: jwt,
      refreshRaceSeconds: config.refreshRaceSeconds,
      clock,
      log,
    }),
    users: createUserService({ database, passwords, clock }),
    conversations: createConversationService({ database, clock, eraseDeleted: housekeeping.eraseDeleted }),
    conversationList: createConversationLists(database, config),
    messages: createMessageService({ database, clock }),
    messageLists: createMessageLists(database, config),
    async close() {
      await housekeeping.stop();
      await database.close();
    },
  };
}
