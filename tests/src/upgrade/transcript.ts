import assert from "node:assert/strict";

import { isObject, type Json, parseJson } from "../contract/json.ts";
import { type Answer, request, type RequestOptions } from "../support/http.ts";

/** Where a server listens. */
export interface Server {
  /** Address and port, as a Host header has it. */
  readonly host: string;
}

/** One answer, free of what differs each time. */
interface Exchange {
  readonly server: Server;
  readonly answer: Written;
}

interface Written {
  /** What was asked. */
  readonly asked: string;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly cookies: readonly string[];
  /** The body, where it is JSON. */
  readonly json: Json;
}

/** Asks servers and writes down their answers, so that they can be compared with those of others. */
export class Transcript {
  readonly exchanges: Exchange[] = [];
  readonly #names = new Map<string, string>();

  /** Writes a value that differs each time, such as an id, by a name from now on. */
  name(value: string, name: string): string {
    this.#names.set(value, `<${name}>`);
    return value;
  }

  async ask(server: Server, method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const answer = await request(server, method, path, options);
    const contentType = answer.header("content-type");
    const written = {
      asked: this.#withNames(`${method} ${path}`, server),
      status: answer.status,
      contentType,
      cookies: answer.setCookies.map((cookie) => cookie.split("=")[0] ?? ""),
      json: contentType === "application/json" ? parseJson(this.#withNames(answer.text, server)) : null,
    };
    this.exchanges.push({ server, answer: written });
    return answer;
  }

  #withNames(text: string, { host }: Server): string {
    const named = this.#names.entries().reduce((result, [value, name]) => result.replaceAll(value, name), text);
    return named
      .replaceAll(host, "<host>")
      .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "<jwt>")
      .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, "<uuid>")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<datetime>");
  }
}

/**
 * That two releases answered the same. The later one may have added members: clients of the one before do not look at them.
 */
export function assertAlike(before: Written, later: Written): void {
  assert.deepEqual({ ...later, json: knownMembers(later.json, before.json) }, before);
}

/** A value without the members of its objects that its model lacks. */
function knownMembers(value: Json, model: Json): Json {
  if (Array.isArray(value) && Array.isArray(model))
    return value.map((item, index) => knownMembers(item, model[index] ?? null));
  if (!isObject(value) || !isObject(model)) return value;
  const known = Object.entries(value).filter(([name]) => name in model);
  return Object.fromEntries(known.map(([name, inner]) => [name, knownMembers(inner, model[name] ?? null)]));
}
