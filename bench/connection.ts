import { connect } from "node:net";
import type { Socket } from "node:net";
import { parseAnswer } from "./http.ts";
import type { Answer } from "./http.ts";

const nothing = Buffer.alloc(0);

export interface ConnectionEvents {
  /** Connected, with nothing in flight: the moment to send or to close. */
  ready(): void;
  /** `answer.body` is valid during the call only; `ready` follows. */
  answered(answer: Answer): void;
  failed(reason: string): void;
}

/** One keep-alive connection with at most one request in flight; connects again where the server ends it politely. */
export class Connection {
  readonly #host: string;
  readonly #port: number;
  readonly #events: ConnectionEvents;
  readonly #buffer = Buffer.allocUnsafe(65_536);
  #socket: Socket | undefined;
  #pending: Buffer = nothing;
  #waiting = false;

  constructor(host: string, port: number, events: ConnectionEvents) {
    this.#host = host;
    this.#port = port;
    this.#events = events;
  }

  open(): void {
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      // Reading into one buffer for ever spares an allocation an answer.
      onread: {
        buffer: this.#buffer,
        callback: (length) => {
          this.#read(this.#buffer.subarray(0, length));
          return true;
        },
      },
    });
    socket.on("connect", () => this.#events.ready());
    socket.on("error", (error) => this.#fail(error.message));
    socket.on("close", () => this.#fail("the server closed the connection"));
    this.#socket = socket;
  }

  send(request: Buffer): void {
    this.#waiting = true;
    this.#socket?.write(request);
  }

  close(): void {
    this.#socket?.removeAllListeners("close").destroy();
    this.#socket = undefined;
  }

  #read(chunk: Buffer): void {
    let answer: Answer | undefined;
    try {
      if (!this.#waiting) throw new Error("an answer nobody asked for");
      const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
      answer = parseAnswer(bytes);
      if (answer === undefined) this.#pending = bytes === chunk ? Buffer.from(chunk) : bytes;
    } catch (error) {
      this.#fail(String(error));
    }
    if (answer === undefined) return;
    this.#pending = nothing;
    this.#waiting = false;
    this.#events.answered(answer);
    if (answer.close) {
      this.close();
      this.open();
    } else {
      this.#events.ready();
    }
  }

  #fail(reason: string): void {
    this.close();
    this.#events.failed(reason);
  }
}
