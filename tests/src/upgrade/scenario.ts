import { textMember } from "../contract/json.ts";
import { cookieValue } from "../support/http.ts";
import { pairOf, PASSWORD } from "../support/tokens.ts";
import { type Server, Transcript } from "./transcript.ts";

type OfEach<T> = Readonly<Record<"ada" | "bob" | "carol", T>>;

/** Who takes part: users of these names with the password `PASSWORD`, in the order they were made. */
export type People = OfEach<{ readonly user_id: string }>;

/**
 * Plays what users do on two servers that share a database, in turn: what one server has written, the other one reads. It
 * leaves nothing behind that a second play would meet.
 */
export async function playScenario(one: Server, other: Server, people: People): Promise<Transcript> {
  const transcript = new Transcript();
  for (const [name, { user_id }] of Object.entries(people)) transcript.name(user_id, name);
  const ada = await playTokens(transcript, one, other);
  const bob = await login(transcript, other, "bob");
  const carol = await login(transcript, one, "carol");
  await playConversation(transcript, one, other, { ada, bob, carol }, people);
  await playSession(transcript, one, other);
  return transcript;
}

async function login(transcript: Transcript, server: Server, username: string): Promise<string> {
  return pairOf(await transcript.ask(server, "POST", "/api/token/", { json: { username, password: PASSWORD } })).access;
}

/** Obtains, refreshes, verifies and blacklists; answers an access token of Ada's. */
async function playTokens(transcript: Transcript, one: Server, other: Server): Promise<string> {
  const ask = (server: Server, path: string, json: object) => transcript.ask(server, "POST", path, { json });
  const first = pairOf(await ask(one, "/api/token/", { username: "ada", password: PASSWORD }));
  await ask(one, "/api/token/", { username: "ada", password: "wrong" });
  const second = pairOf(await ask(other, "/api/token/refresh/", { refresh: first.refresh }));
  await ask(one, "/api/token/refresh/", { refresh: first.refresh });
  await ask(one, "/api/token/verify/", { token: second.access });
  const third = pairOf(await ask(one, "/api/token/refresh/", { refresh: second.refresh }));
  await ask(other, "/api/token/blacklist/", { refresh: third.refresh });
  await ask(one, "/api/token/refresh/", { refresh: third.refresh });
  await transcript.ask(other, "GET", "/api/conversations/", { bearer: first.access });
  return login(transcript, other, "ada");
}

/** Opens a conversation, sends, edits, deletes, and changes who takes part. */
async function playConversation(
  transcript: Transcript,
  one: Server,
  other: Server,
  { ada, bob, carol }: OfEach<string>,
  people: People,
): Promise<void> {
  const ask = transcript.ask.bind(transcript);
  const opened = await ask(one, "POST", "/api/conversations/", {
    bearer: ada,
    json: { participants: [people.bob.user_id] },
  });
  const conversation = transcript.name(textMember(opened.json, "conversation_id"), "conversation");
  const here = `/api/conversations/${conversation}/`;
  await ask(other, "GET", here, { bearer: bob });
  await ask(other, "GET", here, { bearer: carol });

  const sending = { bearer: ada, json: { message_body: "hello, what’s up?", client_id: "first" } };
  const sent = await ask(one, "POST", `${here}messages/`, sending);
  const message = transcript.name(textMember(sent.json, "message_id"), "first message");
  await ask(other, "POST", `${here}messages/`, sending);
  await ask(other, "POST", `${here}messages/`, { ...sending, json: { ...sending.json, message_body: "another" } });
  const second = await ask(other, "POST", "/api/messages/", {
    bearer: bob,
    json: { conversation, message_body: "nothing" },
  });
  const answer = transcript.name(textMember(second.json, "message_id"), "second message");
  await ask(one, "GET", `${here}messages/`, { bearer: bob });
  await ask(one, "GET", here, { bearer: bob });
  await ask(other, "GET", "/api/conversations/", { bearer: ada });
  await ask(other, "GET", "/api/messages/?search=hello", { bearer: ada });

  await ask(one, "PATCH", `/api/messages/${message}/`, { bearer: ada, json: { message_body: "hello!" } });
  await ask(other, "GET", `/api/messages/${message}/`, { bearer: bob });
  await ask(other, "PUT", `/api/messages/${message}/`, { bearer: bob, json: { message_body: "not mine" } });
  await ask(other, "DELETE", `${here}messages/${answer}/`, { bearer: bob });
  await ask(one, "GET", `/api/messages/${answer}/`, { bearer: ada });
  await ask(one, "GET", here, { bearer: ada });

  const everyone = [people.bob.user_id, people.carol.user_id];
  await ask(one, "PATCH", here, { bearer: ada, json: { participants: everyone } });
  await ask(other, "POST", `${here}messages/`, { bearer: carol, json: { message_body: "I am here too" } });
  await ask(one, "GET", here, { bearer: bob });
  await ask(other, "PATCH", here, { bearer: ada, json: { participants: [people.bob.user_id] } });
  await ask(one, "GET", here, { bearer: carol });
  await ask(one, "POST", `${here}messages/`, { bearer: carol, json: { message_body: "still?" } });
  await ask(other, "DELETE", here, { bearer: ada });
  await ask(one, "GET", `${here}messages/`, { bearer: bob });
}

/** Logs a browser in on one server, reads on the other, logs out there. */
async function playSession(transcript: Transcript, one: Server, other: Server): Promise<void> {
  const csrftoken = cookieValue(await transcript.ask(one, "GET", "/api-auth/login/"), "csrftoken");
  const form = { username: "ada", password: PASSWORD, csrfmiddlewaretoken: csrftoken };
  const answer = await transcript.ask(other, "POST", "/api-auth/login/", { cookies: { csrftoken }, form });
  const cookies = { sessionid: cookieValue(answer, "sessionid"), csrftoken: cookieValue(answer, "csrftoken") };
  await transcript.ask(one, "GET", "/api/conversations/", { cookies });
  await transcript.ask(one, "GET", "/api-auth/logout/", { cookies });
  await transcript.ask(other, "GET", "/api/conversations/", { cookies });
}
