import { invalid } from "../http/errors.ts";
import { Filters } from "../http/filters.ts";
import type { PageSizes } from "../http/pagination.ts";
import type { Query } from "../http/query.ts";

const NAMES = ["before", "after", "around"] as const;
const SEQ_MAX = 999_999_999_999_999;

/** A stretch of a conversation's history, named by the positions (`seq`) around it. */
export interface Position {
  /** So many of the newest messages with a lower `seq` … */
  readonly below: number;
  readonly below_limit: number;
  /** … and so many of the oldest with this `seq` or a higher one. */
  readonly from: number;
  readonly from_limit: number;
}

export const asksForPosition = (query: Query) => NAMES.some((name) => query.get(name) !== undefined);

/**
 * Reads `?before=SEQ`, `?after=SEQ` or `?around=SEQ` with `limit`: pages that never skip or repeat while messages arrive.
 * @throws ApiError 400
 */
export function readPosition(
  query: Query,
  { pageSize, maxPageSize }: PageSizes,
): Position & { readonly limit: number } {
  const filters = new Filters(query);
  const given = NAMES.filter((name) => query.get(name) !== undefined);
  const seqs = new Map(given.map((name) => [name, filters.integer(name, 0, SEQ_MAX)]));
  const limit = filters.integer("limit", 1, maxPageSize) ?? pageSize;
  filters.check();
  if (given.length > 1) throw invalid({ non_field_errors: [`Give one of ${NAMES.join(", ")}, not several.`] });

  const seqOf = (name: (typeof NAMES)[number]) => seqs.get(name) ?? undefined;
  const [before, after, around] = [seqOf("before"), seqOf("after"), seqOf("around")];
  if (before !== undefined) return { below: before, below_limit: limit, from: before, from_limit: 0, limit };
  if (after !== undefined) return { below: after + 1, below_limit: 0, from: after + 1, from_limit: limit, limit };
  const middle = around ?? 0;
  const older = Math.floor(limit / 2);
  return { below: middle, below_limit: older, from: middle, from_limit: limit - older, limit };
}
