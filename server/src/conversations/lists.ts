import type { Conversation } from "@earshot/protocol";

import type { Caller } from "../auth/caller.ts";
import type { Database } from "../db/database.ts";
import type { Json } from "../db/statement.ts";
import { EARLIEST, Filters, LATEST, ordering, searchPatterns } from "../http/filters.ts";
import { type FetchPage, type PageOf, type PageSizes, paginate, readPageRequest } from "../http/pagination.ts";
import type { Query } from "../http/query.ts";
import { readEmbedded } from "./embedded.ts";
import { conversationPages, filteredConversationPages } from "./store.ts";

const NOTHING = { count: 0, results: "[]" as Json<Conversation[]> };

/**
 * The caller's conversations, as the query asks for them (contract: conversations.json, filters.json).
 * @throws ApiError 400, 404
 */
export type ListConversations = (caller: Caller, query: Query, url: string) => Promise<Json<PageOf<Conversation>>>;

export function createConversationLists(database: Database, sizes: PageSizes): ListConversations {
  return async (caller, query, url) => {
    const filters = readFilters(query);
    const direction = ordering(query, "created_at") ?? "desc";
    const messages = readEmbedded(query);
    const request = readPageRequest(query, sizes);
    const fetch: FetchPage<Conversation> = async (limit, offset) => {
      const page = { caller: caller.user_id, messages, limit, offset };
      const row = isUnfiltered(filters)
        ? await database.first(conversationPages[direction], page)
        : await database.first(filteredConversationPages[direction], { ...page, ...filters });
      return row ?? NOTHING;
    };
    return paginate(fetch, request, query, url);
  };
}

function readFilters(query: Query) {
  const filters = new Filters(query);
  const participant = filters.id("participant");
  const created_from = filters.moment("created_after") ?? EARLIEST;
  const created_to = filters.moment("created_before") ?? LATEST;
  filters.check();
  return { participant, created_from, created_to, patterns: searchPatterns(query) };
}

const isUnfiltered = ({ participant, created_from, created_to, patterns }: ReturnType<typeof readFilters>) =>
  participant === null && created_from === EARLIEST && created_to === LATEST && patterns === "[]";
