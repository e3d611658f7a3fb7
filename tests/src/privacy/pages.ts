import { type Expected, shows } from "./expected.ts";
import { INVALID_PAGE } from "./refusals.ts";

const PAGE_SIZE = 20;
const PAGE_SIZE_MAX = 100;

/**
 * The page of a list that a query asks for, with its links.
 * @param rows all that the caller may see and the filters leave, in order
 * @param url what links begin with
 */
export function pageOf<T>(rows: readonly T[], query: URLSearchParams, url: string, show: (row: T) => object): Expected {
  const size = Math.min(Number(query.get("page_size") ?? PAGE_SIZE), PAGE_SIZE_MAX);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const asked = query.get("page");
  const number = asked === "last" ? pages : Number(asked ?? 1);
  if (number < 1 || number > pages) return INVALID_PAGE;
  const link = (page: number) => {
    const linked = new URLSearchParams(query);
    if (page === 1) linked.delete("page");
    else linked.set("page", String(page));
    linked.sort();
    const text = linked.toString();
    return text === "" ? url : `${url}?${text}`;
  };
  return shows({
    count: rows.length,
    next: number < pages ? link(number + 1) : null,
    previous: number > 1 ? link(number - 1) : null,
    results: rows.slice((number - 1) * size, number * size).map(show),
  });
}

/**
 * The stretch of a list around one position.
 * @param rows what the caller may see, oldest first, each with its place
 * @param at the position, and whether what stands before, after or on both sides of it is asked for
 */
export function stretchOf<T extends { readonly seq: number }>(
  rows: readonly T[],
  at: { readonly side: "before" | "after" | "around"; readonly seq: number; readonly limit: number },
  url: string,
  show: (row: T) => object,
): Expected {
  const { side, seq, limit } = at;
  const older = rows.filter((row) => row.seq < seq);
  const newer = rows.filter((row) => (side === "after" ? row.seq > seq : row.seq >= seq));
  const half = Math.floor(limit / 2);
  const few = { before: [limit, 0], after: [0, limit], around: [half, limit - half] }[side];
  const [before = 0, after = 0] = few;
  const results = [...(before === 0 ? [] : older.slice(-before)), ...newer.slice(0, after)];
  // Where the stretch is empty, what lies beyond its place counts.
  const first = results[0]?.seq ?? (side === "after" ? seq + 1 : seq);
  const last = results.at(-1)?.seq ?? (side === "after" ? seq : seq - 1);
  const link = (name: string, place: number) => `${url}?${name}=${place}&limit=${limit}`;
  return shows({
    count: rows.length,
    next: rows.some((row) => row.seq > last) ? link("after", last) : null,
    previous: rows.some((row) => row.seq < first) ? link("before", first) : null,
    results: results.map(show),
  });
}
