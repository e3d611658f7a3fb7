import { nestsDeeper } from "../json-depth.ts";
import { unreadable } from "./errors.ts";

/** JSON nests no deeper in any request of the contract. */
const MAX_DEPTH = 64;

/** A JSON number that is a whole number. */
export const INTEGER = /^-?\d+$/;

/**
 * Parses JSON that nests within bounds. Of a member that stands twice the last counts.
 * @throws ApiError 400 `JSON parse error - …`
 */
export function parseJson(text: string): unknown {
  if (nestsDeeper(text, MAX_DEPTH)) throw unreadable("JSON parse error - nested too deeply");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(`JSON parse error - ${error instanceof SyntaxError ? reason(error) : "not JSON"}`, error);
  }
}

/** V8 quotes the text it stumbles over; its position is all that is worth sending back. */
function reason({ message }: SyntaxError): string {
  return (
    /at position \d+ \(line \d+ column \d+\)/.exec(message)?.[0].replace("at ", "unexpected text at ") ??
    "unexpected end or text"
  );
}
