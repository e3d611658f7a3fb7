import { isIP, isIPv6 } from "node:net";
import { list, text } from "./readers.ts";
import { accepted, type Reader, refused } from "./reader.ts";

export const HOST_NAME = /^[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*$/i;

/** The address or name of the interface to listen on. */
export function listenHost(): Reader<string> {
  return text(
    "an address or host name without scheme, brackets or port, such as 127.0.0.1, 0.0.0.0 or ::",
    (value) => isIP(value) !== 0 || HOST_NAME.test(value),
  );
}

/**
 * Names the server answers to, with Django's meaning of ALLOWED_HOSTS: an exact name, ".example.com" for a domain with
 * its subdomains, "*" for everything; an IPv6 address stands in brackets, as in the Host header.
 */
export function allowedHosts(): Reader<readonly string[]> {
  return list('a list of host names, such as ["chat.example.com", ".example.org"]', allowedHost());
}

function allowedHost(): Reader<string> {
  const expects = 'a host name such as "chat.example.com", ".example.com" (with its subdomains), "[::1]" or "*"';
  return {
    expects,
    parse: (value) => value,
    read(value) {
      if (typeof value !== "string") return refused(value, expects);
      const host = value.toLowerCase();
      if (host === "*" || HOST_NAME.test(host.replace(/^\./, ""))) return accepted(host);
      const [, address] = /^\[(.*)\]$/.exec(host) ?? [];
      if (address !== undefined && isIPv6(address)) return accepted(host);
      return refused(value, likelyHost(host) ?? expects);
    },
  };
}

function likelyHost(host: string): string | undefined {
  if (isIPv6(host)) return `"[${host}]"`;
  if (host.startsWith("*.") && HOST_NAME.test(host.slice(2))) return `"${host.slice(1)}"`;
  const [, name] = /^(?:[a-z]+:\/\/)?([^/:]+)(?::\d+)?(?:\/.*)?$/.exec(host) ?? [];
  return name !== undefined && HOST_NAME.test(name) ? `only the name: "${name}"` : undefined;
}
