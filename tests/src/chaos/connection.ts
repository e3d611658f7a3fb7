import { connect, type Socket } from "node:net";

/** How long an answer may take, in milliseconds: longer than any deadline of the server's. */
const ANSWER_DEADLINE_MS = 30_000;

export interface Answer {
  readonly status: number;
  /** Whole seconds, where the answer says when to come again. */
  readonly retryAfter: number | undefined;
  readonly body: string;
}

/** No answer came: the connection was refused or broken, or it was too late. */
export class NoAnswer extends Error {
  /** ECONNREFUSED, ECONNRESET and so on; CLOSED where the connection ended without an error; DEADLINE. */
  readonly code: string;

  constructor(code: string) {
    super(`no answer: ${code}`);
    this.code = code;
  }
}

/** A keep-alive connection with one request at a time, as plain as can be: 200 of them share the machine with the servers. */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #received = "";
  #waiting: { resolve: (answer: Answer) => void; reject: (error: NoAnswer) => void } | undefined;
  #failure: NoAnswer | undefined;

  /** @param url of the server, without a path */
  constructor(url: string) {
    const { hostname, port, host } = new URL(url);
    this.#host = host;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.setEncoding("utf8");
    this.#socket.setTimeout(ANSWER_DEADLINE_MS, () => this.#fail("DEADLINE"));
    this.#socket.on("data", (text: string) => this.#receive(text));
    this.#socket.on("error", (error) => this.#fail("code" in error ? String(error.code) : error.message));
    this.#socket.on("close", () => this.#fail("CLOSED"));
  }

  get isOpen(): boolean {
    return this.#failure === undefined;
  }

  /** @throws NoAnswer */
  post(path: string, bearer: string, json: object): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const body = JSON.stringify(json);
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nAuthorization: Bearer ${bearer}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#received += text;
    const answer = readAnswer(this.#received);
    if (answer === undefined) return;
    this.#received = "";
    this.#waiting?.resolve(answer);
    this.#waiting = undefined;
  }

  #fail(code: string): void {
    this.#failure ??= new NoAnswer(code);
    this.#socket.destroy();
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }
}

/** The answer in what was received; undefined while a part of it is missing. */
function readAnswer(received: string): Answer | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = received.slice(0, end);
  const body = received.slice(end + 4);
  if (Buffer.byteLength(body) < Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])) return undefined;
  const retryAfter = /\r\nretry-after: (\d+)/i.exec(head)?.[1];
  return {
    status: Number(head.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length)),
    retryAfter: retryAfter === undefined ? undefined : Number(retryAfter),
    body,
  };
}
