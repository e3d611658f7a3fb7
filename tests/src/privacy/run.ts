import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { type Json, parseJson } from "../contract/json.ts";
import type { Account, Accounts, NewAccount } from "./accounts.ts";
import type { Answer, Connection } from "./connection.ts";
import type { Coverage } from "./coverage.ts";
import { type Credentials, present } from "./credentials.ts";
import type { Expected } from "./expected.ts";
import { leaksIn, visibleTo } from "./leaks.ts";
import { Model, type Person } from "./model.ts";
import type { TestServer } from "../support/server.ts";

/** How an answer is asked for; each must show the same. */
export const FORMS = ["json", "html", "head", "suffix"] as const;
export type Form = (typeof FORMS)[number];

export interface Request {
  readonly method: string;
  /** A path of the registry, `:name` for an id. */
  readonly path: string;
  readonly ids?: Readonly<Record<string, string>>;
  /** How the ids are spelled: a UUID has more than one spelling. */
  readonly spelling?: "plain" | "upper" | "hex";
  readonly query?: URLSearchParams;
  readonly json?: object;
  readonly form?: Form;
}

export interface Sender {
  readonly account: Account;
  readonly credentials: Credentials;
}

interface RunParts {
  readonly server: TestServer;
  readonly connection: Connection;
  readonly accounts: Accounts;
  readonly coverage: Coverage;
}

const NOTHING: ReadonlySet<string> = new Set();

/** One history: the model, its people, and every request with the check of its answer. */
export class Run {
  readonly server: TestServer;
  readonly accounts: Accounts;
  readonly coverage: Coverage;
  readonly model = new Model();
  /** Whether whatever is hidden is asked for a second time, by ids that nothing has. */
  comparesHidden = true;
  readonly people: Account[] = [];
  /** An id that nothing has. */
  readonly unknownId = randomUUID();
  readonly #connection: Connection;
  readonly #transcript: string[] = [];
  readonly #visible = new Map<Person, ReadonlySet<string>>();

  constructor({ server, connection, accounts, coverage }: RunParts) {
    this.server = server;
    this.accounts = accounts;
    this.#connection = connection;
    this.coverage = coverage;
    coverage.histories += 1;
  }

  /** Makes accounts; they are listed in the order in which the database got them. */
  async addPeople(given: readonly NewAccount[]): Promise<void> {
    const made = await Promise.all(given.map((one) => this.accounts.make(one)));
    // Without its "Z" a whole second, which has no fraction, comes before those that have one.
    const moment = ({ person }: Account) => person.created_at.slice(0, -1);
    const accounts = made.toSorted((a, b) => (moment(a) < moment(b) ? -1 : 1));
    this.people.push(...accounts);
    this.model.people.push(...accounts.map(({ person }) => person));
  }

  /** Notes what happened beside the requests. */
  note(line: string): void {
    this.#visible.clear();
    this.#transcript.push(line);
  }

  /** Sends a request as someone and checks the answer; `decide` says what it must be once the server knows the sender. */
  async ask(sender: Sender, request: Request, decide: (person: Person) => Expected): Promise<void> {
    const { account, credentials } = sender;
    const another = this.people[(this.people.indexOf(account) + 1) % this.people.length] ?? account;
    const isSafe = ["GET", "HEAD", "OPTIONS"].includes(request.method);
    const { lines, outcome } = await present(credentials, account, another, this.accounts, isSafe);
    const viewer = "person" in outcome ? outcome.person : undefined;
    const expected = "person" in outcome ? decide(outcome.person) : outcome.refusal;
    const name = `p${this.people.indexOf(account)} (${credentials})`;
    const given = await this.#exchange(name, request, lines, request.json, expected, viewer);
    if (!this.comparesHidden || !expected.isHidden || request.ids === undefined || request.form === "html") return;

    const ids = Object.fromEntries(Object.keys(request.ids).map((id) => [id, this.unknownId]));
    const twin = await this.#send({ ...request, ids }, lines, text(request.json));
    if (timeless(given) !== timeless(twin)) {
      assert.equal(
        timeless(given),
        timeless(twin),
        this.#story("what is hidden is answered otherwise than what is not"),
      );
    }
  }

  /** Sends a request to a route that asks nobody who they are, and checks the answer; a body as form or JSON. */
  async askOpenly(request: Request, lines: readonly string[], body: string, expected: Expected): Promise<Answer> {
    return this.#exchange("someone", request, lines, body, expected, undefined);
  }

  /** Where a request goes, without its query: what links begin with. */
  urlOf(request: Request): string {
    return `http://${this.server.host}${pathOf(request)}`;
  }

  async #exchange(
    name: string,
    request: Request,
    lines: readonly string[],
    content: object | string | undefined,
    expected: Expected,
    viewer: Person | undefined,
  ): Promise<Answer> {
    const body = text(content);
    const asked = `${targetOf(request)} ${body}`;
    this.#transcript.push(`${name} ${request.form ?? "json"} ${methodOf(request)} ${asked} must be ${expected.status}`);
    const answer = await this.#send(request, lines, body);
    if (answer.status !== expected.status) {
      assert.equal(answer.status, expected.status, this.#story(`the answer was ${answer.status} ${answer.body}`));
    }
    this.#checkBody(request, answer, expected);

    if (!["GET", "HEAD", "OPTIONS"].includes(request.method)) this.#visible.clear();
    const leaks = leaksIn(`${answer.head}\n${answer.body}`, this.#visibleTo(viewer), `${asked} ${lines.join(" ")}`);
    if (leaks.length > 0) {
      assert.deepEqual(leaks, [], this.#story(`the answer shows what it must not: ${answer.head}\n${answer.body}`));
    }
    return answer;
  }

  async #send(request: Request, lines: readonly string[], body: string): Promise<Answer> {
    const headers = [...lines];
    if (request.form === "html") headers.push("Accept: text/html");
    if (request.json !== undefined) headers.push("Content-Type: application/json");
    const method = methodOf(request);
    const answer = await this.#connection.send(method, targetOf(request), headers, body);
    this.coverage.note(method, request.path, answer.status);
    return answer;
  }

  #checkBody({ form }: Request, answer: Answer, expected: Expected) {
    if (expected.isPage) return;
    const json = expected.body(() => given(answer));
    const wanted = text(json);
    if (form === "html") {
      const shown = json === undefined ? "" : escapeHtml(JSON.stringify(json, null, 2));
      if (!answer.body.includes(shown)) assert.fail(this.#story(`the page does not show ${wanted}: ${answer.body}`));
    } else if (form === "head") {
      const length = Number(/^content-length: *(\d+)/im.exec(answer.head)?.[1]);
      if (length !== Buffer.byteLength(wanted))
        assert.fail(this.#story(`HEAD tells another length than ${wanted} has`));
    } else if (answer.body !== wanted) {
      assert.deepEqual(answer.body === "" ? undefined : parseJson(answer.body), json, this.#story("another body"));
      assert.equal(answer.body, wanted, this.#story("another body"));
    }
  }

  #visibleTo(viewer: Person | undefined): ReadonlySet<string> {
    if (viewer === undefined) return NOTHING;
    let visible = this.#visible.get(viewer);
    if (visible === undefined) {
      visible = visibleTo(this.model, viewer);
      this.#visible.set(viewer, visible);
    }
    return visible;
  }

  /** A failure's message: what was wrong, and all that was asked until then. */
  #story(problem: string): string {
    return `${problem}\n\nthe history until then:\n${this.#transcript.join("\n")}`;
  }
}

const methodOf = ({ method, form }: Request) => (form === "head" ? "HEAD" : method);

function pathOf({ path, ids, spelling = "plain", form }: Request): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => spell(ids?.[name] ?? "", spelling));
  return form === "suffix" ? `${filled.slice(0, -1)}.json` : filled;
}

function spell(id: string, spelling: "plain" | "upper" | "hex"): string {
  if (spelling === "upper") return id.toUpperCase();
  return spelling === "hex" ? id.replaceAll("-", "") : id;
}

function targetOf(request: Request): string {
  const query = request.query?.toString() ?? "";
  return query === "" ? pathOf(request) : `${pathOf(request)}?${query}`;
}

const text = (content: object | string | undefined): string =>
  typeof content === "string" ? content : content === undefined ? "" : JSON.stringify(content);

const given = (answer: Answer): Json => parseJson(answer.body);

const timeless = ({ head, body }: Answer): string => `${head.replace(/^date: .*$/im, "")}\n${body}`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (plain: string) => plain.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
