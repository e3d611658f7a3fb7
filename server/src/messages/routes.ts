import { Message, MessageChange, NewMessage, NewMessageHere, Page } from "@earshot/protocol";

import type { Authentication } from "../auth/authentication.ts";
import { invalid, notFound } from "../http/errors.ts";
import { unknownId } from "../http/fields.ts";
import { type Call, type Ids, type Resource, routeAt } from "../http/resource.ts";
import type { MessageLists } from "./lists.ts";
import { messagePermissions, sendPermissions } from "./permissions.ts";
import type { MessageAddress, MessageService } from "./service.ts";

interface Dependencies {
  readonly authentication: readonly Authentication[];
  readonly messages: MessageService;
  readonly lists: MessageLists;
}

const MessagePage = Page(Message);

/** `/api/messages/` and `/api/conversations/{conversation_id}/messages/` (contract: messages.json, nested-messages.json). */
export function messageResources({ authentication, messages, lists }: Dependencies): Resource[] {
  const everywhere = routeAt<"/api/messages/">();
  const within = routeAt<"/api/conversations/:conversation_id/messages/">();
  const shared = { description: "", authentication, permissions: messagePermissions };

  return [
    {
      ...shared,
      path: "/api/messages/",
      name: "Message List",
      suffixed: true,
      writes: { method: "POST", members: Message },
      routes: {
        GET: everywhere({
          permissions: messagePermissions,
          answer: MessagePage,
          handle: ({ caller, query, url }) => lists.everywhere(caller, query, url),
        }),
        POST: everywhere({
          permissions: sendPermissions,
          input: NewMessage,
          answer: Message,
          status: 201,
          beginsEarly: true,
          handle({ caller, input, authorize, confirmed }) {
            const { conversation, ...message } = input();
            const absent = () => invalid({ conversation: [unknownId(conversation)] });
            return messages.send(caller, conversation, message, { authorize, absent, confirmed });
          },
        }),
      },
    },
    {
      ...shared,
      ...messageInstance<"/api/messages/:message_id/">(messages, ({ message_id }) => ({ message: message_id })),
      path: "/api/messages/:message_id/",
      suffixed: true,
    },
    {
      ...shared,
      path: "/api/conversations/:conversation_id/messages/",
      name: "Message List",
      writes: { method: "POST", members: Message },
      routes: {
        GET: within({
          permissions: messagePermissions,
          answer: MessagePage,
          handle: ({ caller, ids, query, url }) => lists.within(caller, ids.conversation_id, query, url),
        }),
        POST: within({
          permissions: sendPermissions,
          input: NewMessageHere,
          answer: Message,
          status: 201,
          beginsEarly: true,
          handle: ({ caller, ids, input, authorize, confirmed }) =>
            messages.send(caller, ids.conversation_id, input(), { authorize, absent: notFound, confirmed }),
        }),
      },
    },
    {
      ...shared,
      ...messageInstance<"/api/conversations/:conversation_id/messages/:message_id/">(
        messages,
        ({ message_id, conversation_id }) => ({ message: message_id, within: conversation_id }),
      ),
      path: "/api/conversations/:conversation_id/messages/:message_id/",
    },
  ];
}

/** One message, at either of its paths. */
function messageInstance<Path extends string>(messages: MessageService, addressOf: (ids: Ids<Path>) => MessageAddress) {
  const route = routeAt<Path>();
  const change = {
    permissions: messagePermissions,
    input: MessageChange,
    answer: Message,
  } as const;
  return {
    name: "Message Instance",
    writes: { method: "PUT", members: Message },
    mayWrite: ({ caller, ids, authorize }: Call<Path>) => messages.mayChange(caller, addressOf(ids), authorize),
    routes: {
      GET: route({
        permissions: messagePermissions,
        answer: Message,
        handle: ({ caller, ids }) => messages.get(caller, addressOf(ids)),
      }),
      PUT: route({
        ...change,
        handle: ({ caller, ids, input, authorize }) => messages.change(caller, addressOf(ids), input, authorize),
      }),
      PATCH: route({
        ...change,
        partial: true,
        handle: ({ caller, ids, input, authorize }) => messages.change(caller, addressOf(ids), input, authorize),
      }),
      DELETE: route({
        permissions: messagePermissions,
        status: 204,
        handle: ({ caller, ids, authorize }) => messages.erase(caller, addressOf(ids), authorize),
      }),
    },
  } as const;
}
