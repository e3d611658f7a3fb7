import { isDeepStrictEqual } from "node:util";
import { isObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ExpectedAnswer } from "./exchange.ts";

/** Where the answer is not the recorded one, on purpose: what is answered instead, and why. */
export interface ContractException {
  area: string;
  name: string;
  reason: string;
  expected: ExpectedAnswer;
  /** Headers that are left open in this answer. */
  openHeaders?: string[];
}

/** In place of a body: a JSON object whose `detail` says something. */
export const ANY_DETAIL = "<any detail>";

const IN_PLACE = "served in place: most clients repeat a redirected POST or DELETE as GET";
const API_404 = "under /api/ an unknown path is answered in JSON, unless the caller asks for HTML first";
const NO_ACCOUNT = "as later versions of the stack: no new pair for an inactive or deleted user";
const CLOSED_DEFECT = "a defect of the recorded stack, closed";

const bearer = 'Bearer realm="api"';
const tokenHeaders = { "content-type": "application/json", allow: "POST, OPTIONS", vary: "Accept" };
const collectionHeaders = { "content-type": "application/json", allow: "GET, POST, HEAD, OPTIONS", vary: "Accept" };
const notFound: ExpectedAnswer = {
  status: 404,
  headers: { "content-type": "application/json", vary: "Accept" },
  body: { detail: "Not found." },
};
const noAccount: ExpectedAnswer = {
  status: 401,
  headers: { ...tokenHeaders, "www-authenticate": bearer },
  body: { detail: "No active account found for the given token." },
};
const oddToken: ExpectedAnswer = {
  status: 401,
  headers: { ...collectionHeaders, "www-authenticate": bearer },
  body: ANY_DETAIL,
};

function person(username: string, firstName: string): JsonObject {
  return {
    user_id: `<id:${username}>`,
    username,
    first_name: firstName,
    last_name: "",
    email: `${username}@example.com`,
    phone_number: null,
    role: "guest",
    created_at: "<datetime>",
  };
}

export const exceptions: ContractException[] = [
  {
    area: "token-obtain",
    name: "no trailing slash, POST",
    reason: IN_PLACE,
    expected: { status: 200, headers: tokenHeaders, body: { refresh: "<jwt:refresh>", access: "<jwt:access>" } },
  },
  { area: "token-refresh", name: "inactive user", reason: NO_ACCOUNT, expected: noAccount },
  { area: "token-refresh", name: "deleted user", reason: NO_ACCOUNT, expected: noAccount },
  { area: "errors", name: "unknown path under api", reason: API_404, expected: notFound },
  { area: "errors", name: "unknown path, POST", reason: API_404, expected: notFound },
  { area: "errors", name: "double slash", reason: API_404, expected: notFound },
  {
    area: "errors",
    name: "root",
    reason: "the address itself shows a page that says what runs there",
    expected: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "<html page: Earshot>" },
    openHeaders: ["vary", "allow"],
  },
  {
    area: "errors",
    name: "no trailing slash, POST",
    reason: IN_PLACE,
    expected: {
      status: 201,
      headers: collectionHeaders,
      body: {
        conversation_id: "<uuid>",
        participants: [person("alice", "Alice"), person("bob", "Bob")],
        messages: [],
        created_at: "<datetime>",
      },
    },
  },
  {
    area: "errors",
    name: "no trailing slash, DELETE",
    reason: IN_PLACE,
    expected: {
      status: 204,
      headers: { allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS", vary: "Accept" },
      body: null,
    },
  },
  { area: "defects", name: "user_id is not a UUID", reason: CLOSED_DEFECT, expected: oddToken },
  { area: "defects", name: "exp far beyond any date", reason: CLOSED_DEFECT, expected: oddToken },
  { area: "defects", name: "user_id is an object", reason: CLOSED_DEFECT, expected: oddToken },
  {
    area: "defects",
    name: "refresh token without jti",
    reason: CLOSED_DEFECT,
    expected: {
      status: 401,
      headers: { ...tokenHeaders, "www-authenticate": bearer },
      body: { detail: "Token has no id", code: "token_not_valid" },
    },
  },
  {
    area: "defects",
    name: "JSON nested very deep",
    reason: CLOSED_DEFECT,
    expected: { status: 400, headers: tokenHeaders, body: ANY_DETAIL },
  },
  {
    area: "defects",
    name: "body without a size limit",
    reason: "bodies have a size limit; the recorded stack reads any",
    expected: { status: 413, headers: { "content-type": "application/json" }, body: ANY_DETAIL },
    openHeaders: ["allow", "vary"],
  },
];

/** Whether a member that the record does not have is well formed; `owner` is the object that carries it. */
type AdditionCheck = (value: Json, owner: JsonObject) => boolean;

/** The members that follow the recorded ones, in this order, by kind of object. No others are allowed. */
export interface Additions {
  conversation: Record<string, AdditionCheck>;
  message: Record<string, AdditionCheck>;
}

export const additions: Additions = {
  conversation: {
    last_message: (value, { messages }) => Array.isArray(messages) && isDeepStrictEqual(value, messages.at(-1) ?? null),
    message_count: (value, { messages }) =>
      isCount(value) && Array.isArray(messages) && Number(value) >= messages.length,
    unread_count: (value, { message_count }) => isCount(value) && Number(value) <= Number(message_count),
    role: (value) => value === "owner" || value === "admin" || value === "member",
  },
  message: {
    seq: (value) => isCount(value) && Number(value) > 0,
    client_id: (value) => value === null || typeof value === "string",
  },
};

function isCount(value: Json): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

/** Whether a member of OPTIONS metadata describes a field; the additions are described there like any other. */
export function describesField(value: Json): boolean {
  return (
    isObject(value) &&
    typeof value["type"] === "string" &&
    typeof value["required"] === "boolean" &&
    typeof value["read_only"] === "boolean" &&
    typeof value["label"] === "string"
  );
}
