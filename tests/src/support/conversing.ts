import { after } from "node:test";

import { textMember } from "../contract/json.ts";
import { openConversation, request } from "./http.ts";
import { startServer, type TestServer, type TestServerOptions } from "./server.ts";
import { accessToken } from "./tokens.ts";

/** A server on which alice and bob converse. */
export interface Conversing {
  readonly server: TestServer;
  readonly alice: string;
  readonly bob: string;
  /** Alice's access token. */
  readonly bearer: string;
  readonly conversation: string;
  readonly message: string;
}

/** Starts such a server; it closes after the file's tests. */
export async function startConversing(options: TestServerOptions = {}): Promise<Conversing> {
  const server = await startServer(options);
  after(() => server.close());
  const { user_id: alice } = await server.createUser({ username: "alice" });
  const { user_id: bob } = await server.createUser({ username: "bob" });
  const bearer = accessToken(alice);
  const conversation = await openConversation(server, bearer, [bob]);
  const json = { conversation, message_body: "hello" };
  const sent = await request(server, "POST", "/api/messages/", { bearer, json });
  return { server, alice, bob, bearer, conversation, message: textMember(sent.json, "message_id") };
}
