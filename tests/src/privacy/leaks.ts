import { randomBytes } from "node:crypto";

import { liveMessages, type Model, participantsOf, type Person } from "./model.ts";

/** A text that stands nowhere else: found in an answer, it shows what the answer shows. */
export const makeMarker = (kind: "body" | "user" | "mail" | "name"): string =>
  `zq${kind}${randomBytes(6).toString("hex")}`;

const MARKER = /zq(?:body|user|mail|name)[0-9a-f]{12}/gi;
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

/** Every id and every marker that a person may meet at the moment: of their conversations, and of who is or wrote in them. */
export function visibleTo(model: Model, person: Person): ReadonlySet<string> {
  const visible = new Set<string>();
  const seePerson = ({ user_id, username, first_name, email }: Person) => {
    for (const text of [user_id, username, first_name, ...markersIn(email)]) visible.add(text);
  };
  for (const conversation of model.conversationsOf(person)) {
    visible.add(conversation.conversation_id);
    participantsOf(conversation).forEach(seePerson);
    for (const { message_id, message_body, sender } of liveMessages(conversation)) {
      visible.add(message_id);
      for (const marker of markersIn(message_body)) visible.add(marker);
      seePerson(sender);
    }
  }
  return visible;
}

/** What an answer shows that it must not. What the request itself said may come back. */
export function leaksIn(answer: string, visible: ReadonlySet<string>, request: string): string[] {
  const shown = new Set([...markersIn(answer), ...(answer.match(UUID) ?? [])]);
  return [...shown].filter((text) => !visible.has(text) && !request.includes(text));
}

const markersIn = (text: string): readonly string[] => text.match(MARKER) ?? [];
