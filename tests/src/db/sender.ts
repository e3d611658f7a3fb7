import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";

import { numberMember, parseJson, textMember } from "../contract/json.ts";

export interface Send {
  readonly conversation: string;
  readonly bearer: string;
  readonly client_id: string;
}

/** What the answer says of a message that was taken. */
export interface Sent {
  readonly message_id: string;
  readonly seq: number;
}

/**
 * Sends messages over some connections at once, each with one request at a time, until all are sent or the connections
 * break. Hands on every answer as it comes. The client is as plain as can be: the server is to be the slower one.
 */
export async function sendAll(
  host: string,
  sends: readonly Send[],
  connections: number,
  taken: (send: Send, sent: Sent, connection: number) => void,
): Promise<void> {
  const { hostname, port } = new URL(`http://${host}`);
  let next = 0;
  const work = (_: unknown, connection: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let current: Send | undefined;
    let received = "";
    const proceed = () => {
      current = sends[next++];
      if (current === undefined) socket.end();
      else write(socket, host, current);
    };
    socket.setEncoding("latin1");
    socket.on("connect", proceed);
    socket.on("data", (text: string) => {
      received += text;
      try {
        const sent = readAnswer(received);
        if (sent === undefined || current === undefined) return;
        received = "";
        taken(current, sent, connection);
        proceed();
      } catch (error) {
        socket.destroy();
        reject(error);
      }
    });
    // A connection that breaks is what the test is about.
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    return promise;
  };
  await Promise.all(Array.from({ length: connections }, work));
}

function write(socket: Socket, host: string, { conversation, bearer, client_id }: Send): void {
  const body = JSON.stringify({ message_body: `this is ${client_id}`, client_id });
  socket.write(
    `POST /api/conversations/${conversation}/messages/ HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${bearer}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

/** What the answer says; undefined while a part of it is missing. */
function readAnswer(received: string): Sent | undefined {
  const start = received.indexOf("\r\n\r\n") + 4;
  if (start < 4) return undefined;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1]);
  if (received.length - start < length) return undefined;
  assert.match(received, /^HTTP\/1\.1 201 /);
  const json = parseJson(received.slice(start));
  return { message_id: textMember(json, "message_id"), seq: numberMember(json, "seq") };
}
