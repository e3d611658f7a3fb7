import { EMBEDDED_MESSAGES, EMBEDDED_MESSAGES_MAX } from "@earshot/protocol";

import { Filters } from "../http/filters.ts";
import type { Query } from "../http/query.ts";

/**
 * How many of its newest messages a conversation carries: `?messages=N`.
 * @throws ApiError 400
 */
export function readEmbedded(query: Query): number {
  const filters = new Filters(query);
  const messages = filters.integer("messages", 0, EMBEDDED_MESSAGES_MAX);
  filters.check();
  return messages ?? EMBEDDED_MESSAGES;
}
