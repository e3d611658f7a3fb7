import { setTimeout as delay } from "node:timers/promises";

import { numberMember, parseJson, textMember } from "../contract/json.ts";
import { type Answer, Connection, NoAnswer } from "./connection.ts";
import type { Journal, Place } from "./journal.ts";

/** A client that was driven from its server tries it again after so long, in milliseconds, as a load balancer would. */
const AWAY_MS = 1000;
/** How often one message is sent until it counts as never acknowledged. */
const ATTEMPTS = 60;
/** How long to wait when neither server takes a connection, in milliseconds. */
const NOBODY_THERE_MS = 100;

interface ClientOptions {
  /** The servers' addresses. */
  readonly urls: readonly [string, string];
  /** The server the client prefers. */
  readonly home: Place;
  readonly name: string;
  readonly user_id: string;
  readonly bearer: string;
  /** Where it sends to, in turn. */
  readonly conversations: readonly string[];
  readonly journal: Journal;
  /** Whether it is to go on after the message under way. */
  readonly goesOn: () => boolean;
}

/**
 * Sends one message after the other. What was not acknowledged is sent again under the same `client_id`: after a 503 when
 * the answer says, after a broken connection at once to the other server.
 * @throws Error where a message was never acknowledged
 */
export async function runClient(options: ClientOptions): Promise<void> {
  const client = new RoamingClient(options);
  try {
    for (let number = 0; options.goesOn(); number++) await client.send(number);
  } finally {
    client.close();
  }
}

class RoamingClient {
  readonly #options: ClientOptions;
  #place: Place;
  #connection: Connection;
  /** When it went to that server. */
  #since = performance.now();

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#place = options.home;
    this.#connection = new Connection(options.urls[options.home]);
  }

  async send(number: number): Promise<void> {
    const { name, home, conversations, user_id, journal } = this.#options;
    const conversation = conversations[number % conversations.length] ?? "";
    const client_id = `${name}-${number}`;
    const message_body = `“${client_id}” is what I say`;
    if (this.#place !== home && performance.now() > this.#since + AWAY_MS) this.#goTo(home);

    for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
      const since = performance.now();
      const answer = await this.#attempt(conversation, { message_body, client_id }, attempts);
      if (answer === undefined) continue;
      const json = parseJson(answer.body);
      const message_id = textMember(json, "message_id");
      const seq = numberMember(json, "seq");
      const at = performance.now();
      const sent = { client_id, conversation, sender: user_id, message_body, message_id, seq };
      journal.acknowledged.push({ ...sent, place: this.#place, at, since, attempts });
      return;
    }
    throw new Error(`${client_id} was never acknowledged`);
  }

  close(): void {
    this.#connection.close();
  }

  /** @returns the answer that acknowledges; undefined when it is time for the next attempt */
  async #attempt(conversation: string, json: object, attempts: number): Promise<Answer | undefined> {
    const { journal, bearer } = this.#options;
    const place = this.#place;
    const note = (what: number | string, { body = "", retryAfter }: Partial<Answer> = {}) =>
      journal.troubles.push({ place, at: performance.now(), what, body, retryAfter });
    try {
      if (!this.#connection.isOpen) this.#goTo(place);
      const answer = await this.#connection.post(`/api/conversations/${conversation}/messages/`, bearer, json);
      if (answer.status === 201) return answer;
      note(answer.status, answer);
      await delay(1000 * (answer.retryAfter ?? 1));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      note(error.code);
      this.#goTo(place === 0 ? 1 : 0);
      // Every second time it has come back to where it was refused before.
      if (attempts % 2 === 0) await delay(NOBODY_THERE_MS);
    }
    return undefined;
  }

  #goTo(place: Place): void {
    this.#connection.close();
    this.#connection = new Connection(this.#options.urls[place]);
    this.#place = place;
    this.#since = performance.now();
  }
}
