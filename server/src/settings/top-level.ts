import { database } from "./database.ts";
import { duration, HOUR, TEN_YEARS } from "./duration.ts";
import type { EarshotInput, TopLevelInput } from "./input.ts";
import { allowedHosts, listenHost } from "./network.ts";
import { boolean, choice, secretText, text, wholeNumber } from "./readers.ts";
import { type Setting, setting } from "./setting.ts";
import { claimsHook } from "./simple-jwt-accounts.ts";
import { verifyingKeys } from "./simple-jwt-keys.ts";
import { LOG_LEVELS, type LogLevel } from "./words.ts";

const LARGEST_PAGE = 1000;

export const topLevel = {
  SECRET_KEY: setting<string | undefined>("SECRET_KEY", {
    reader: secretText("a long random text, or leave it out and one is made"),
    default: undefined,
    defaultInWords: "made at the first start and kept in the data folder",
    description:
      "Signs tokens and protects sessions; whoever knows it can be anyone, changing it logs everyone out, and processes that share a database need the same one on every machine.",
  }),
  ...database,
  EARSHOT_DATA_DIR: setting("EARSHOT_DATA_DIR", {
    reader: text(
      'the path of a folder, such as "data" or "/srv/earshot" (a leading ~ is not expanded)',
      (path) => !path.includes("\0") && !path.startsWith("~"),
    ),
    default: "data",
    defaultInWords: "data",
    description:
      "The folder of everything the server keeps, created when it is missing; a relative path starts at the settings file's folder.",
  }),
  HOST: setting("HOST", {
    reader: listenHost(),
    default: "127.0.0.1",
    defaultInWords: "127.0.0.1",
    description: "The address to listen on: 0.0.0.0 or :: for every interface.",
  }),
  PORT: setting("PORT", {
    reader: wholeNumber(0, 65535),
    default: 8000,
    defaultInWords: "8000",
    description: "The port to listen on; 0 takes a free one.",
  }),
  ALLOWED_HOSTS: setting<readonly string[]>("ALLOWED_HOSTS", {
    reader: allowedHosts(),
    default: [],
    defaultInWords: "loopback names and IP addresses only",
    description:
      "The host names the server answers to, with Django's meaning: exact names, .example.com with its subdomains, or *.",
  }),
  SESSION_COOKIE_AGE: setting("SESSION_COOKIE_AGE", {
    reader: duration(1, TEN_YEARS),
    default: 1_209_600,
    defaultInWords: "2 weeks",
    description: "How long a session begun by a cookie login lasts.",
  }),
  SESSION_COOKIE_SECURE: setting("SESSION_COOKIE_SECURE", {
    reader: boolean(),
    default: false,
    defaultInWords: "false",
    description: "Browsers send the session cookie over HTTPS only; switch it on behind HTTPS.",
  }),
  CSRF_COOKIE_SECURE: setting("CSRF_COOKIE_SECURE", {
    reader: boolean(),
    default: false,
    defaultInWords: "false",
    description: "Browsers send the CSRF cookie over HTTPS only; switch it on behind HTTPS.",
  }),
  PAGE_SIZE: setting("PAGE_SIZE", {
    reader: wholeNumber(1, LARGEST_PAGE),
    default: 20,
    defaultInWords: "20",
    description: "Entries on a page of a list where the client does not ask for another number.",
  }),
  MAX_PAGE_SIZE: setting("MAX_PAGE_SIZE", {
    reader: wholeNumber(1, LARGEST_PAGE),
    default: 100,
    defaultInWords: "100",
    description: "The most entries a client may ask for on one page.",
  }),
  LOG_LEVEL: setting<LogLevel>("LOG_LEVEL", {
    reader: choice(LOG_LEVELS, `one of ${LOG_LEVELS.join(", ")}`),
    default: "info",
    defaultInWords: "info",
    description: "The least serious entries the log shows.",
  }),
} satisfies Record<keyof TopLevelInput, Setting<unknown>>;

export const earshot = {
  REFRESH_RACE_WINDOW: setting(
    "REFRESH_RACE_WINDOW",
    {
      reader: duration(0, HOUR),
      default: 10,
      defaultInWords: "10 seconds",
      description: "How long the refresh token that was just superseded counts as a client's race and not as theft.",
    },
    "EARSHOT",
  ),
  VERIFYING_KEYS: verifyingKeys,
  CLAIMS: claimsHook,
} satisfies Record<keyof EarshotInput, Setting<unknown>>;
