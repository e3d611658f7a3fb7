import assert from "node:assert/strict";

import { textMember } from "../contract/json.ts";
import { statement } from "../../../server/src/db/statement.ts";
import { all } from "../../../server/src/db/transaction.ts";
import { done, type Expected, shows } from "./expected.ts";
import type { ActionOf } from "./history.ts";
import { manages, participantsOf, participationOf, type Person, takesPart } from "./model.ts";
import { accountAt, conversationAt, idOf, NEWEST, newestQuery, managerOf, pickOf, senderOf } from "./picking.ts";
import { fieldError, FORBIDDEN, NOT_FOUND, required, unknownId } from "./refusals.ts";
import type { Run } from "./run.ts";
import { shownConversation } from "./shown.ts";

const COLLECTION = "/api/conversations/";
const INSTANCE = "/api/conversations/:conversation_id/";

export async function openConversation(run: Run, action: ActionOf<"open conversation">): Promise<void> {
  const { model } = run;
  const name = action.alias ? "participant_ids" : "participants";
  const people = action.others.map((pick) => pickOf(model.people, pick));
  const ids = idsOf(run, people);
  const spoofed = {
    ...(action.alias ? {} : { participant_ids: model.people.map(({ user_id }) => user_id) }),
    conversation_id: model.conversations[0]?.conversation_id,
    owner: model.people[0]?.user_id,
    role: "member",
    messages: model.messages.map(({ message_id }) => message_id),
    created_at: "2001-01-01T00:00:00Z",
    message_count: 7,
  };
  const json = { [name]: ids, ...(action.spoofed ? spoofed : {}) };
  const query = newestQuery(action.newest);
  await run.ask(senderOf(run, action.who), { method: "POST", path: COLLECTION, query, json }, (owner): Expected => {
    const others = unlessRefused(name, ids, model.people);
    if ("refusal" in others) return others.refusal;
    return {
      status: 201,
      body(given) {
        const answer = given();
        const conversation_id = textMember(answer, "conversation_id");
        assert.ok(!model.conversations.some((one) => one.conversation_id === conversation_id), "an id used before");
        const created_at = textMember(answer, "created_at");
        const conversation = model.open(owner, others.people, { conversation_id, created_at });
        return shownConversation(model, conversation, owner, action.newest ?? NEWEST);
      },
    };
  });
}

export async function setParticipants(run: Run, action: ActionOf<"set participants">): Promise<void> {
  const { model } = run;
  const conversation = conversationAt(run, action.conversation);
  const name = action.alias ? "participant_ids" : "participants";
  const picked = action.people.map((pick) => pickOf(model.people, pick));
  const current = conversation === undefined ? [] : participantsOf(conversation);
  const given = {
    add: () => [...current, ...picked],
    remove: () => current.filter((person) => !picked.includes(person)),
    replace: () => picked,
    nothing: () => [],
  }[action.how]();
  const ids = idsOf(run, given);
  const request = {
    method: action.method,
    path: INSTANCE,
    ids: { conversation_id: idOf(run, conversation) },
    query: newestQuery(action.newest),
    json: action.how === "nothing" ? {} : { [name]: ids },
  };
  await run.ask(senderOf(run, action.who, managerOf(conversation)), request, (caller): Expected => {
    if (conversation === undefined || !takesPart(conversation, caller)) return NOT_FOUND;
    const show = () => shownConversation(model, conversation, caller, action.newest ?? NEWEST);
    if (action.how === "nothing") return action.method === "PUT" ? required("participants") : shows(show());
    const people = unlessRefused(name, ids, model.people);
    if ("refusal" in people) return people.refusal;

    // The caller stays. Only owner and admins remove others, and nobody removes the owner.
    const wanted = new Set([caller, ...people.people]);
    const removed = participantsOf(conversation).filter((person) => !wanted.has(person));
    if (removed.length > 0 && !manages(conversation, caller)) return FORBIDDEN;
    if (removed.some((person) => participationOf(conversation, person)?.role === "owner")) return FORBIDDEN;
    return {
      status: 200,
      body() {
        model.setParticipants(conversation, wanted);
        return show();
      },
    };
  });
}

export async function deleteConversation(run: Run, action: ActionOf<"delete conversation">): Promise<void> {
  const conversation = conversationAt(run, action.conversation);
  const ids = { conversation_id: idOf(run, conversation) };
  const request = { method: "DELETE", path: INSTANCE, ids, spelling: action.spelling };
  await run.ask(senderOf(run, action.who, managerOf(conversation)), request, (caller): Expected => {
    if (conversation === undefined || !takesPart(conversation, caller)) return NOT_FOUND;
    if (!manages(conversation, caller)) return FORBIDDEN;
    return done(() => run.model.deleteConversation(conversation));
  });
}

const makeAdmin = statement({
  name: "tests.makeAdmin",
  params: { conversation: "text", user: "text" },
  row: {},
  sql: () => `update participants set role = 'admin' where conversation_id = $conversation and user_id = $user`,
});

/** No route gives the role of admin yet. */
export async function promote(run: Run, action: ActionOf<"make admin">): Promise<void> {
  const conversation = conversationAt(run, action.conversation);
  const { person } = accountAt(run, action.person);
  const participation = conversation === undefined ? undefined : participationOf(conversation, person);
  if (conversation === undefined || participation?.role !== "member") return;
  const params = { conversation: conversation.conversation_id, user: person.user_id };
  await run.server.context.database.write(() => all(makeAdmin, params));
  participation.role = "admin";
  run.note(`p${run.model.people.indexOf(person)} becomes an admin of ${conversation.conversation_id}`);
}

const idsOf = (run: Run, people: readonly (Person | undefined)[]) =>
  people.map((person) => person?.user_id ?? run.unknownId);

/** The people of a list of ids, or what is said where the list is empty or one of them is not there (any more). */
function unlessRefused(
  name: string,
  ids: readonly string[],
  known: readonly Person[],
): { readonly people: Person[] } | { readonly refusal: Expected } {
  if (ids.length === 0) return { refusal: fieldError(name, "This list may not be empty.") };
  const people: Person[] = [];
  for (const id of ids) {
    const person = known.find(({ user_id, state }) => user_id === id && state !== "deleted");
    if (person === undefined) return { refusal: unknownId(name, id) };
    people.push(person);
  }
  return { people };
}
