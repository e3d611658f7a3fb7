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

const [QUOTE, BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

function nestsDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      if (++depth > limit) return true;
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth--;
  }
  return false;
}
