import assert from "node:assert/strict";

import { isObject } from "../contract/json.ts";
import { type Expected, shows } from "./expected.ts";
import type { ActionOf } from "./history.ts";
import { isVisible, liveMessages, takesPart } from "./model.ts";
import { pageOf, stretchOf } from "./pages.ts";
import {
  conversationAt,
  findAt,
  idOf,
  messageAt,
  NEWEST,
  newestQuery,
  managerOf,
  pickOf,
  placeOf,
  senderOf,
} from "./picking.ts";
import { methodNotAllowed, NOT_FOUND } from "./refusals.ts";
import type { Form, Run } from "./run.ts";
import { chooseConversations, chooseMessages } from "./filters.ts";
import { shownConversation, shownMessage } from "./shown.ts";

const COLLECTION = "/api/conversations/";
const INSTANCE = "/api/conversations/:conversation_id/";
const WITHIN = "/api/conversations/:conversation_id/messages/";

export async function listConversations(run: Run, action: ActionOf<"list conversations">): Promise<void> {
  const query = newestQuery(action.newest);
  const choose = chooseConversations(run, action, query);
  addPaging(query, action);
  const request = { method: "GET", path: COLLECTION, query, form: action.form };
  const url = run.urlOf(request);
  await run.ask(senderOf(run, action.who), request, (caller) =>
    pageOf(choose(caller), query, url, (conversation) =>
      shownConversation(run.model, conversation, caller, action.newest ?? NEWEST),
    ),
  );
}

export async function readConversation(run: Run, action: ActionOf<"read conversation">): Promise<void> {
  const conversation = conversationAt(run, action.conversation);
  const request = {
    method: "GET",
    path: INSTANCE,
    ids: { conversation_id: idOf(run, conversation) },
    query: newestQuery(action.newest),
    spelling: action.spelling,
    form: action.form,
  };
  await run.ask(senderOf(run, action.who, managerOf(conversation)), request, (caller): Expected => {
    if (conversation === undefined || !takesPart(conversation, caller)) return NOT_FOUND;
    return shows(shownConversation(run.model, conversation, caller, action.newest ?? NEWEST));
  });
}

export async function listMessages(run: Run, action: ActionOf<"list messages">): Promise<void> {
  const isNested = action.within !== undefined;
  const conversation = conversationAt(run, action.within ?? null);
  const query = new URLSearchParams();
  const choose = chooseMessages(run, action.isFiltered ? action.filters : {}, query);
  addPaging(query, action);
  const request = isNested
    ? {
        method: "GET",
        path: WITHIN,
        ids: { conversation_id: idOf(run, conversation) },
        query,
        spelling: action.spelling,
        form: unsuffixed(action.form),
      }
    : { method: "GET", path: "/api/messages/", query, form: action.form };
  const url = run.urlOf(request);
  await run.ask(senderOf(run, action.who, managerOf(conversation)), request, (caller): Expected => {
    const chosen = choose(caller);
    if (!isNested) return pageOf(chosen, query, url, shownMessage);
    // A page number that is none is refused before anything is looked up; any other page of what is hidden is not found.
    if (conversation === undefined || !takesPart(conversation, caller)) {
      return query.get("page") === "0" ? pageOf([], query, url, shownMessage) : NOT_FOUND;
    }
    const here = chosen.filter((message) => message.conversation === conversation);
    return pageOf(here, query, url, shownMessage);
  });
}

export async function readPosition(run: Run, action: ActionOf<"read position">): Promise<void> {
  const conversation = conversationAt(run, action.conversation);
  const { position: side, seq: place, limit } = action;
  const seq = typeof place === "number" ? (pickOf(conversation?.messages ?? [], place)?.seq ?? place) : Number(place);
  const query = new URLSearchParams({ [side]: String(seq), ...(limit === undefined ? {} : { limit }) });
  const request = { method: "GET", path: WITHIN, ids: { conversation_id: idOf(run, conversation) }, query };
  const url = run.urlOf(request);
  await run.ask(senderOf(run, action.who, managerOf(conversation)), request, (caller): Expected => {
    if (conversation === undefined || !takesPart(conversation, caller)) return NOT_FOUND;
    return stretchOf(liveMessages(conversation), { side, seq, limit: Number(limit ?? 20) }, url, shownMessage);
  });
}

export async function readMessage(run: Run, action: ActionOf<"read message">): Promise<void> {
  const message = messageAt(run, action.message);
  const place = placeOf(run, message, action.address, action.elsewhere);
  const { path, ids } = place;
  const form = action.address === "top" ? action.form : unsuffixed(action.form);
  const request = { method: "GET", path, ids, spelling: action.spelling, form };
  await run.ask(senderOf(run, action.who, message?.sender), request, (caller): Expected => {
    const found = findAt(message, place);
    return found !== undefined && isVisible(found, caller) ? shows(shownMessage(found)) : NOT_FOUND;
  });
}

/** Everyone is told what a write takes where anyone may write; of one object only who may change it. */
export async function describe(run: Run, action: ActionOf<"describe">): Promise<void> {
  const conversation = conversationAt(run, action.conversation);
  const message = messageAt(run, action.message);
  const conversation_id = idOf(run, conversation);
  const sender = senderOf(run, action.who, action.place === "message" ? message?.sender : managerOf(conversation));
  const { person } = sender.account;
  const takes = conversation !== undefined && takesPart(conversation, person);
  const sent = message !== undefined && isVisible(message, person) && message.sender === person;
  const nested = placeOf(run, message, "nested", null);
  const target = {
    root: { path: "/api/", mayWrite: false },
    token: { path: TOKEN_PATHS[(action.conversation ?? 0) % TOKEN_PATHS.length] ?? "", mayWrite: true },
    conversations: { path: COLLECTION, mayWrite: true },
    conversation: { path: INSTANCE, ids: { conversation_id }, mayWrite: takes, isHidden: !takes },
    messages: { path: "/api/messages/", mayWrite: true },
    message: { ...placeOf(run, message, "top", null), mayWrite: sent, isHidden: !sent },
    nested: { ...nested, mayWrite: sent && nested.isRight, isHidden: !sent },
    // One is told the same whether there is such a conversation or not.
    within: { path: WITHIN, ids: { conversation_id }, mayWrite: true, isHidden: true },
  }[action.place];
  const expected: Expected = {
    status: 200,
    body(given) {
      const description = given();
      assert.ok(isObject(description));
      assert.equal("actions" in description, target.mayWrite, `actions in ${JSON.stringify(description)}`);
      return description;
    },
    isHidden: "isHidden" in target && target.isHidden,
  };
  const request = { method: "OPTIONS", path: target.path, ...("ids" in target ? { ids: target.ids } : {}) };
  if (action.place === "token") await run.askOpenly(request, [], "", expected);
  else await run.ask(sender, request, () => expected);
}

const TOKEN_PATHS = ["/api/token/", "/api/token/refresh/", "/api/token/verify/", "/api/token/blacklist/"];

/** A method that is not served is refused alike whether there is such an object or not. */
export async function useUnservedMethod(run: Run, action: ActionOf<"use an unserved method">): Promise<void> {
  const message_id = messageAt(run, action.message)?.message_id ?? run.unknownId;
  const conversation_id = idOf(run, conversationAt(run, action.conversation));
  const target = {
    conversation: { method: "POST", path: INSTANCE, ids: { conversation_id } },
    message: { method: "POST", path: "/api/messages/:message_id/", ids: { message_id } },
    conversations: { method: "DELETE", path: COLLECTION },
  }[action.place];
  const refused = { ...methodNotAllowed(target.method), isHidden: true };
  await run.ask(senderOf(run, action.who), target, () => refused);
}

function addPaging(
  query: URLSearchParams,
  { page, page_size }: { page?: string | undefined; page_size?: string | undefined },
) {
  if (page !== undefined) query.set("page", page);
  if (page_size !== undefined) query.set("page_size", page_size);
}

/** Nested paths are not served with a format behind them. */
const unsuffixed = (form: Form): Form => (form === "suffix" ? "json" : form);
