const HEX = /^[0-9a-f]{32}$/;
const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The canonical form of a UUID in any form that Python's `uuid.UUID` reads: with or without dashes, braces or `urn:uuid:`,
 * in either case. Undefined for anything else.
 */
export function canonicalUuid(text: string): string | undefined {
  if (CANONICAL.test(text)) return text;
  if (text.length > 64) return undefined;
  const hex = text
    .replace("urn:", "")
    .replace("uuid:", "")
    .replace(/^[{}]+|[{}]+$/g, "")
    .replaceAll("-", "")
    .toLowerCase();
  if (!HEX.test(hex)) return undefined;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
