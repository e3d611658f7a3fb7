import { isIP } from "node:net";

const REMEMBERED = 100;

/** Whether requests for this `Host` are answered: Django's ALLOWED_HOSTS. */
export type HostCheck = (host: string | undefined) => boolean;

/**
 * Without configured hosts, loopback names and IP literals are answered: what a DNS rebinding attack cannot use.
 * @param allowed exact names, `.example.com` for a domain and its subdomains, `*` for any
 */
export function createHostCheck(allowed: readonly string[]): HostCheck {
  const remembered = new Map<string, boolean>();
  return (host) => {
    if (host === undefined) return false;
    let answer = remembered.get(host);
    if (answer === undefined) {
      answer = isAllowed(host, allowed);
      if (remembered.size < REMEMBERED) remembered.set(host, answer);
    }
    return answer;
  };
}

const HOST = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/;

function isAllowed(host: string, allowed: readonly string[]): boolean {
  const match = HOST.exec(host.toLowerCase());
  if (match === null) return false;
  const name = (match[1] ?? match[2] ?? "").replace(/\.$/, "");
  if (allowed.length === 0) return isIP(name) !== 0 || name === "localhost" || name.endsWith(".localhost");
  return allowed.some((one) => {
    const pattern = one.toLowerCase();
    if (pattern === "*") return true;
    if (pattern.startsWith(".")) return name === pattern.slice(1) || name.endsWith(pattern);
    return name === pattern.replace(/^\[|\]$/g, "");
  });
}
