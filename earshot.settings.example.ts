/**
 * Settings of Earshot. Copy this file to earshot.settings.ts and keep what you change: everything has a default.
 *
 * Each setting can also stand in the environment, which wins over this file: PORT=9000, ALLOWED_HOSTS=a.example,b.example,
 * SESSION_COOKIE_SECURE=true, SIMPLE_JWT_ACCESS_TOKEN_LIFETIME="15 minutes", EARSHOT_REFRESH_RACE_WINDOW=10.
 * A wrong or contradictory setting stops the start, with all problems listed at once.
 */
import { defineSettings } from "./server/src/settings/input.ts";

export default defineSettings({
  // Left out, a secret is made at the first start and kept in the data folder. To take over the tokens of a Django app,
  // set its SECRET_KEY here or, better, in the environment.
  // SECRET_KEY: "…",

  // Where everything is kept. Relative paths start at this file's folder.
  EARSHOT_DATA_DIR: "data",
  // DATABASE_URL: "sqlite:data/earshot.db",

  // PostgreSQL, for several processes with one database: all of them then need the same SECRET_KEY. The URL holds a
  // password, so better in the environment; what is special in the password is percent-encoded (%40 for @).
  // DATABASE_URL: "postgres://earshot:PASSWORD@db.example.com:5432/earshot?sslmode=verify-full",
  // DATABASE_URL: "postgres://earshot@/earshot?host=/var/run/postgresql",
  // The bounds of each process. Connections of all processes together stay below PostgreSQL's max_connections.
  DATABASE_POOL_SIZE: 20,
  DATABASE_STATEMENT_TIMEOUT: { seconds: 10 },
  DATABASE_LOCK_TIMEOUT: { seconds: 5 },
  DATABASE_IDLE_TRANSACTION_TIMEOUT: { seconds: 10 },
  // "transaction" behind a pooler in transaction mode, such as pgbouncer.
  DATABASE_POOLER: "none",

  // 0.0.0.0 or :: listens on every interface.
  HOST: "127.0.0.1",
  PORT: 8000,
  // Names the server answers to: exact, ".example.com" for a domain with its subdomains, or "*".
  // Left out or empty: localhost and IP addresses only.
  ALLOWED_HOSTS: [],

  // Two weeks. Behind HTTPS, make both cookies secure.
  SESSION_COOKIE_AGE: { days: 14 },
  SESSION_COOKIE_SECURE: false,
  CSRF_COOKIE_SECURE: false,

  PAGE_SIZE: 20,
  MAX_PAGE_SIZE: 100,

  // fatal, error, warn, info, debug or silent
  LOG_LEVEL: "info",

  // simplejwt's names and meaning. A length of time is a number of seconds or timedelta's keywords.
  SIMPLE_JWT: {
    ACCESS_TOKEN_LIFETIME: { minutes: 60 },
    REFRESH_TOKEN_LIFETIME: { days: 1 },
    ROTATE_REFRESH_TOKENS: true,
    BLACKLIST_AFTER_ROTATION: true,
    UPDATE_LAST_LOGIN: false,

    // HS256, HS384 or HS512, with a key of at least 32, 48 or 64 bytes. The key is SECRET_KEY unless set here.
    ALGORITHM: "HS256",
    // SIGNING_KEY: "…",
    AUDIENCE: null,
    ISSUER: null,
    LEEWAY: 0,

    AUTH_HEADER_TYPES: ["Bearer"],
    AUTH_HEADER_NAME: "HTTP_AUTHORIZATION",
    USER_ID_FIELD: "id",
    USER_ID_CLAIM: "user_id",
    TOKEN_TYPE_CLAIM: "token_type",
    JTI_CLAIM: "jti",
  },

  EARSHOT: {
    // A client may lose a race against itself: the refresh token just superseded is refused for so long without
    // ending the session. Later it counts as stolen.
    REFRESH_RACE_WINDOW: { seconds: 10 },
  },
});
