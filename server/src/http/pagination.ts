import type { Json } from "../db/statement.ts";
import { notFound } from "./errors.ts";
import type { Query } from "./query.ts";

export interface PageSizes {
  readonly pageSize: number;
  readonly maxPageSize: number;
}

/** Which page is asked for; `last` is known only once the rows are counted. */
export interface PageRequest {
  readonly number: number | "last";
  readonly size: number;
}

const INTEGER = /^\s*[+-]?\d+\s*$/;

/**
 * Reads `?page=` and `?page_size=` as Django REST framework's PageNumberPagination does: a bad size counts as none, a bad
 * page is not found (contract: pagination.json).
 * @throws ApiError 404
 */
export function readPageRequest(query: Query, { pageSize, maxPageSize }: PageSizes): PageRequest {
  const size = readInteger(query.get("page_size"));
  return {
    number: readPageNumber(query.get("page")),
    size: size === undefined || size < 1 ? pageSize : Math.min(size, maxPageSize),
  };
}

function readPageNumber(text: string | undefined): number | "last" {
  if (text === undefined) return 1;
  if (text === "last") return "last";
  const number = readInteger(text);
  if (number === undefined || number < 1 || !Number.isSafeInteger(number)) throw notFound("Invalid page.");
  return number;
}

const readInteger = (text: string | undefined) => (text !== undefined && INTEGER.test(text) ? Number(text) : undefined);

/** Fetches a page of rows as JSON, and how many rows there are in all. */
export type FetchPage<T> = (
  limit: number,
  offset: number,
) => Promise<{ readonly count: number; readonly results: Json<T[]> }>;

/** A page as the contract has it. */
export interface PageOf<T> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: T[];
}

/**
 * Answers one page with its links.
 * @param url scheme, host and path that the links begin with
 * @throws ApiError 404 past the last page
 */
export async function paginate<T>(
  fetch: FetchPage<T>,
  { number, size }: PageRequest,
  query: Query,
  url: string,
): Promise<Json<PageOf<T>>> {
  const wanted = number === "last" ? Math.max(1, Math.ceil((await fetch(0, 0)).count / size)) : number;
  const offset = (wanted - 1) * size;
  if (!Number.isSafeInteger(offset)) throw notFound("Invalid page.");
  // Rows far down cost time to reach: not for a page that is not there.
  if (number !== "last" && wanted > 1 && offset >= (await fetch(0, 0)).count) throw notFound("Invalid page.");
  const { count, results } = await fetch(size, offset);
  if (wanted > 1 && offset >= count) throw notFound("Invalid page.");
  const link = (page: number) => `${url}${query.with("page", page === 1 ? undefined : String(page))}`;
  return writePage(
    count,
    offset + size < count ? link(wanted + 1) : null,
    wanted > 1 ? link(wanted - 1) : null,
    results,
  );
}

/** Puts a page together around rows that are JSON already. */
export function writePage<T>(count: number, next: string | null, previous: string | null, results: Json<T[]>) {
  const [nextText, previousText] = [JSON.stringify(next), JSON.stringify(previous)];
  return `{"count":${count},"next":${nextText},"previous":${previousText},"results":${results}}` as Json<PageOf<T>>;
}
