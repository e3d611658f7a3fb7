import { Conversation, ConversationInput, Page } from "@earshot/protocol";

import type { Authentication } from "../auth/authentication.ts";
import { invalid } from "../http/errors.ts";
import { unknownId } from "../http/fields.ts";
import { type Call, type Resource, routeAt } from "../http/resource.ts";
import { readEmbedded } from "./embedded.ts";
import type { ListConversations } from "./lists.ts";
import { conversationPermissions, deletePermissions } from "./permissions.ts";
import { type ConversationService, UnknownParticipant } from "./service.ts";

interface Dependencies {
  readonly authentication: readonly Authentication[];
  readonly conversations: ConversationService;
  readonly list: ListConversations;
}

/** `/api/conversations/` (contract: conversations.json). */
export function conversationResources({ authentication, conversations, list }: Dependencies): Resource[] {
  type Instance = "/api/conversations/:conversation_id/";
  const collection = routeAt<"/api/conversations/">();
  const instance = routeAt<Instance>();
  const shared = { description: "", authentication, permissions: conversationPermissions, suffixed: true };
  const change = { permissions: conversationPermissions, input: ConversationInput, answer: Conversation } as const;

  return [
    {
      ...shared,
      path: "/api/conversations/",
      name: "Conversation List",
      writes: { method: "POST", members: Conversation },
      routes: {
        GET: collection({
          permissions: conversationPermissions,
          answer: Page(Conversation),
          handle: ({ caller, query, url }) => list(caller, query, url),
        }),
        POST: collection({
          ...change,
          status: 201,
          handle: ({ caller, input, query, nameOf }) =>
            conversations.create(caller, input(), readEmbedded(query)).catch(refuse(nameOf)),
        }),
      },
    },
    {
      ...shared,
      path: "/api/conversations/:conversation_id/",
      name: "Conversation Instance",
      writes: { method: "PUT", members: Conversation },
      mayWrite: ({ caller, ids }: Call<Instance>) => conversations.isVisible(caller, ids.conversation_id),
      routes: {
        GET: instance({
          permissions: conversationPermissions,
          answer: Conversation,
          handle: ({ caller, ids, query }) => conversations.get(caller, ids.conversation_id, readEmbedded(query)),
        }),
        PUT: instance({
          ...change,
          handle: ({ caller, ids, input, authorize, query, nameOf }) =>
            conversations
              .change(caller, ids.conversation_id, input, authorize, readEmbedded(query))
              .catch(refuse(nameOf)),
        }),
        PATCH: instance({
          ...change,
          partial: true,
          handle: ({ caller, ids, input, authorize, query, nameOf }) =>
            conversations
              .change(caller, ids.conversation_id, input, authorize, readEmbedded(query))
              .catch(refuse(nameOf)),
        }),
        DELETE: instance({
          permissions: deletePermissions,
          status: 204,
          handle: ({ caller, ids, authorize }) => conversations.delete(caller, ids.conversation_id, authorize),
        }),
      },
    },
  ];
}

/** Turns a participant who is not there into the contract's 400, under the name the body gave the list. */
const refuse = (nameOf: (member: string) => string) => (error: unknown) => {
  if (error instanceof UnknownParticipant) throw invalid({ [nameOf("participants")]: [unknownId(error.user_id)] });
  throw error;
};
