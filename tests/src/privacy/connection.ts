import { connect, type Socket } from "node:net";

/** How long an answer may take, in milliseconds. */
const ANSWER_DEADLINE_MS = 60_000;
const HEAD_END = Buffer.from("\r\n\r\n");

export interface Answer {
  readonly status: number;
  /** The status line and the headers, as sent. */
  readonly head: string;
  readonly body: string;
}

interface Waiting {
  readonly hasBody: boolean;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** One kept-alive HTTP/1.1 connection. Requests sent before an answer came are pipelined; answers keep their order. */
export class Connection {
  readonly #host: string;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  readonly #waiting: Waiting[] = [];

  constructor(host: string) {
    this.#host = host;
  }

  /** @param lines header lines without Host and Content-Length */
  send(method: string, path: string, lines: readonly string[], body: string): Promise<Answer> {
    const head = [`${method} ${path} HTTP/1.1`, `Host: ${this.#host}`, ...lines];
    if (body !== "" || !["GET", "HEAD", "OPTIONS"].includes(method)) {
      head.push(`Content-Length: ${Buffer.byteLength(body)}`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.push({ hasBody: method !== "HEAD", resolve, reject });
    this.#open().write(`${head.join("\r\n")}\r\n\r\n${body}`);
    return promise;
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket;
    const { hostname, port } = new URL(`http://${this.#host}`);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    socket.setTimeout(ANSWER_DEADLINE_MS, () => {
      socket.destroy(new Error(`no answer in ${ANSWER_DEADLINE_MS} ms`));
    });
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the server closed the connection before it answered")));
    return socket;
  }

  #read(bytes: Buffer) {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    for (let answer = this.#next(); answer !== undefined; answer = this.#next()) this.#waiting.shift()?.resolve(answer);
  }

  /** Takes the next whole answer off what was received. */
  #next(): Answer | undefined {
    const [current] = this.#waiting;
    const end = this.#received.indexOf(HEAD_END);
    if (current === undefined || end === -1) return undefined;
    const head = this.#received.toString("utf8", 0, end);
    const start = end + HEAD_END.length;
    const length = current.hasBody ? Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0) : 0;
    if (this.#received.length < start + length) return undefined;
    const body = this.#received.toString("utf8", start, start + length);
    this.#received = this.#received.subarray(start + length);
    return { status: Number(head.slice(9, 12)), head, body };
  }

  #fail(error: Error) {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
