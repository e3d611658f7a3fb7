import { notAcceptable, notFound } from "./errors.ts";

/** How an answer is written: JSON, its indentation in spaces, or the page people see. */
export type Format = { readonly kind: "json"; readonly indent: number } | { readonly kind: "html" };

export const JSON_FORMAT: Format = { kind: "json", indent: 0 };
const HTML_FORMAT: Format = { kind: "html" };

interface MediaType {
  readonly type: string;
  readonly subtype: string;
  readonly params: ReadonlyMap<string, string>;
}

const RENDERERS = [
  { format: "json", type: "application", subtype: "json" },
  { format: "api", type: "text", subtype: "html" },
] as const;
type Renderer = (typeof RENDERERS)[number];

const INDENT_MAX = 8;

/**
 * What the caller wants, as Django REST framework reads it: the most specific media type of the Accept header that is served
 * wins, and quality values do not count.
 * @param wanted the `format` of the path or the query, where there is one
 * @throws ApiError 404 for an unknown format, 406 where nothing fits
 */
export function negotiate(accept: string | undefined, wanted?: string): Format {
  if (wanted === undefined && (accept === undefined || accept === "*/*" || accept === "application/json")) {
    return JSON_FORMAT;
  }
  const renderers = wanted === undefined ? RENDERERS : RENDERERS.filter(({ format }) => format === wanted);
  if (renderers.length === 0) throw notFound();
  const types = (accept ?? "*/*").split(",").map(readMediaType);
  for (const precedence of [3, 2, 1, 0]) {
    for (const renderer of renderers) {
      const fitting = types.find((type) => precedenceOf(type) === precedence && fits(type, renderer));
      if (fitting !== undefined) return renderer.format === "api" ? HTML_FORMAT : jsonFormat(fitting);
    }
  }
  throw notAcceptable();
}

function readMediaType(text: string): MediaType {
  const [name = "", ...params] = text.split(";").map((part) => part.trim());
  const [type = "", subtype = ""] = name.split("/");
  return { type, subtype, params: new Map(params.map((param) => splitAt(param, "="))) };
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function precedenceOf({ type, subtype, params }: MediaType): number {
  if (type === "*") return 0;
  if (subtype === "*") return 1;
  return params.size === 0 || (params.size === 1 && params.has("q")) ? 2 : 3;
}

const fits = ({ type, subtype }: MediaType, renderer: Renderer) =>
  (type === "*" || type === renderer.type) && (subtype === "*" || subtype === renderer.subtype);

function jsonFormat({ params }: MediaType): Format {
  const indent = Number(params.get("indent") ?? 0);
  return Number.isInteger(indent) && indent > 0 ? { kind: "json", indent: Math.min(indent, INDENT_MAX) } : JSON_FORMAT;
}
