import type { Message } from "@earshot/protocol";

import type { Caller } from "../auth/caller.ts";
import type { Database } from "../db/database.ts";
import type { Json } from "../db/statement.ts";
import { notFound } from "../http/errors.ts";
import { ordering } from "../http/filters.ts";
import {
  type FetchPage,
  type PageOf,
  type PageSizes,
  paginate,
  readPageRequest,
  writePage,
} from "../http/pagination.ts";
import type { Query } from "../http/query.ts";
import { isUnfiltered, isUnfilteredWithin, type MessageFilters, readMessageFilters } from "./filters.ts";
import { asksForPosition, readPosition } from "./positions.ts";
import { everyPages, filteredPages, historyAround, historyPages } from "./store.ts";

type MessagePage = Json<PageOf<Message>>;

/** Lists of messages, as their queries ask for them. */
export interface MessageLists {
  /**
   * The caller's messages in all conversations.
   * @throws ApiError 400, 404
   */
  everywhere(caller: Caller, query: Query, url: string): Promise<MessagePage>;
  /**
   * One conversation's messages, by page, by filter or by position.
   * @throws ApiError 400, 404
   */
  within(caller: Caller, conversation: string, query: Query, url: string): Promise<MessagePage>;
}

/** Pages that begin further down are read where nobody waits for them. */
const DEEP = 1000;
const NOTHING = { count: 0, results: "[]" as Json<Message[]> };

export function createMessageLists(database: Database, sizes: PageSizes): MessageLists {
  const directionOf = (query: Query) => ordering(query, "sent_at") ?? "asc";

  /** The history of one conversation; `absent` says what to do where the caller takes no part in it. */
  const history = (
    caller: Caller,
    conversation: string,
    query: Query,
    absent: () => typeof NOTHING,
  ): FetchPage<Message> => {
    const statement = historyPages[directionOf(query)];
    return async (limit, offset) =>
      (await database.first(statement, { caller: caller.user_id, conversation, limit, offset })) ?? absent();
  };

  const filtered = (caller: Caller, filters: MessageFilters, query: Query): FetchPage<Message> => {
    const statement = filteredPages[directionOf(query)];
    return async (limit, offset) =>
      (await database.first(statement, { caller: caller.user_id, ...filters, limit, offset })) ?? NOTHING;
  };

  const every = (caller: Caller, query: Query): FetchPage<Message> => {
    const direction = directionOf(query);
    return async (limit, offset) => {
      const statement = everyPages[offset > DEEP ? "deep" : "shallow"][direction];
      const reach = Math.max(0, limit + offset - 1);
      return (await database.first(statement, { caller: caller.user_id, reach, limit, offset })) ?? NOTHING;
    };
  };

  const aroundPosition = async (
    caller: Caller,
    conversation: string,
    query: Query,
    url: string,
  ): Promise<MessagePage> => {
    const { limit, ...bounds } = readPosition(query, sizes);
    const row = await database.first(historyAround, { caller: caller.user_id, conversation, ...bounds });
    if (row === undefined) throw notFound();
    const link = (name: string, seq: number) => `${url}?${name}=${seq}&limit=${limit}`;
    const next = row.more_after === 1 ? link("after", row.last_seq ?? bounds.from - 1) : null;
    const previous = row.more_before === 1 ? link("before", row.first_seq ?? bounds.below) : null;
    return writePage(row.count, next, previous, row.results);
  };

  return {
    async everywhere(caller, query, url) {
      const filters = readMessageFilters(query);
      const request = readPageRequest(query, sizes);
      const { conversation } = filters;
      if (isUnfiltered(filters)) return paginate(every(caller, query), request, query, url);
      if (conversation !== null && isUnfilteredWithin(filters)) {
        return paginate(
          history(caller, conversation, query, () => NOTHING),
          request,
          query,
          url,
        );
      }
      return paginate(filtered(caller, filters, query), request, query, url);
    },

    async within(caller, conversation, query, url) {
      if (asksForPosition(query)) return aroundPosition(caller, conversation, query, url);
      const all = history(caller, conversation, query, () => {
        throw notFound();
      });
      const filters = readMessageFilters(query);
      const request = readPageRequest(query, sizes);
      if (isUnfiltered(filters)) return paginate(all, request, query, url);
      await all(0, 0);
      if (filters.conversation !== null && filters.conversation !== conversation) {
        return paginate(async () => NOTHING, request, query, url);
      }
      return paginate(filtered(caller, { ...filters, conversation }, query), request, query, url);
    },
  };
}
