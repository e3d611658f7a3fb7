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

/** Whether the headers name one host: two may mean different things to a proxy and to us (RFC 9112, 3.2). */
export function hasOneHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts === 1;
}

/** A request target without the scheme and the host that it may name (RFC 9112, 3.2.2): `Host` says whose request it is. */
export function toOriginForm(target: string): string {
  if (target.startsWith("/")) return target;
  const path = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? target;
  return path.startsWith("/") ? path : `/${path}`;
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
