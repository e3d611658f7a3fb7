import { EARLIEST, Filters, LATEST, searchPatterns } from "../http/filters.ts";
import type { Query } from "../http/query.ts";

/** The filters of message lists (contract: filters.json). Null and the widest moments filter nothing. */
export interface MessageFilters {
  readonly conversation: string | null;
  readonly sender: string | null;
  readonly participant: string | null;
  readonly sent_from: string;
  readonly sent_to: string;
  /** A JSON list of LIKE patterns. */
  readonly patterns: string;
}

/** @throws ApiError 400 */
export function readMessageFilters(query: Query): MessageFilters {
  const filters = new Filters(query);
  const conversation = filters.id("conversation");
  const sender = filters.id("sender");
  const participant = filters.id("participant");
  const [sentAfter, sentBefore] = [filters.moment("sent_after"), filters.moment("sent_before")];
  const [start, end] = [filters.moment("start_date"), filters.moment("end_date")];
  filters.check();
  return {
    conversation,
    sender,
    participant,
    sent_from: latest(sentAfter, start),
    sent_to: earliest(sentBefore, end),
    patterns: searchPatterns(query),
  };
}

const latest = (...moments: (string | null)[]) =>
  moments.reduce<string>((a, b) => (b !== null && b > a ? b : a), EARLIEST);
const earliest = (...moments: (string | null)[]) =>
  moments.reduce<string>((a, b) => (b !== null && b < a ? b : a), LATEST);

export const isUnfiltered = (filters: MessageFilters) => filters.conversation === null && isUnfilteredWithin(filters);

/** Whether nothing but the conversation is asked for. */
export const isUnfilteredWithin = ({ sender, participant, sent_from, sent_to, patterns }: MessageFilters) =>
  sender === null && participant === null && sent_from === EARLIEST && sent_to === LATEST && patterns === "[]";
