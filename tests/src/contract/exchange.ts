import { readFileSync } from "node:fs";
import { isObject, member, numberMember, parseJson, textMember } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";

/** The areas that are plain exchanges, in the order they were recorded: each starts from what those before left. */
export const exchangeAreas = [
  "token-obtain",
  "token-refresh",
  "token-verify",
  "token-blacklist",
  "authorization",
  "conversations",
  "messages",
  "nested-messages",
  "pagination",
  "filters",
  "session",
  "errors",
  "defects",
];

export interface RecordedRequest {
  method: string;
  path: string;
  headers: [name: string, value: string][];
  body: Json;
}

export interface ExpectedAnswer {
  status: number;
  /** In lower case. A listed header that is not here must not be in the answer. */
  headers: Record<string, string | string[]>;
  body: Json;
}

export interface Exchange {
  area: string;
  name: string;
  request: RecordedRequest;
  response: ExpectedAnswer;
}

/** The entries of one recorded file. */
export function readEntries(area: string): Json[] {
  const entries = parseJson(readFileSync(new URL(`../../../contract/${area}.json`, import.meta.url), "utf8"));
  if (!Array.isArray(entries)) throw new TypeError(`${area}.json is no list`);
  return entries;
}

export function readExchanges(area: string): Exchange[] {
  return readEntries(area).map((entry) => {
    const request = member(entry, "request");
    const response = member(entry, "response");
    return {
      area,
      name: textMember(entry, "name"),
      request: {
        method: textMember(request, "method"),
        path: textMember(request, "path"),
        headers: Object.entries(headersOf(request)).map(([name, value]) => [name, textOf(value)]),
        body: member(request, "body"),
      },
      response: {
        status: numberMember(response, "status"),
        headers: Object.fromEntries(
          Object.entries(headersOf(response)).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.map(textOf) : textOf(value),
          ]),
        ),
        body: member(response, "body"),
      },
    };
  });
}

function headersOf(message: Json): JsonObject {
  const headers = member(message, "headers");
  if (!isObject(headers)) throw new TypeError("headers are no object");
  return headers;
}

function textOf(value: Json): string {
  if (typeof value !== "string") throw new TypeError(`no text: ${JSON.stringify(value)}`);
  return value;
}
