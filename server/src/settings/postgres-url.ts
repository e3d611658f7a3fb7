import { isIP } from "node:net";
import { HOST_NAME } from "./network.ts";
import { parameterProblem } from "./postgres-url-parameters.ts";

/** What to write; user, password and port may be left out. */
export const POSTGRES_FORM = "postgres://USER:PASSWORD@HOST:PORT/NAME";
const SOCKET_FORM = "postgres://USER:PASSWORD@/NAME?host=/FOLDER";

const SHAPE =
  /^postgres(?:ql)?:\/\/(?:(?<login>[^/?#]*)@)?(?<server>[^/?#@]*)(?:\/(?<name>[^?#]*))?(?:\?(?<query>[^#]*))?(?<fragment>#.*)?$/i;

/**
 * What is wrong with the URL of a PostgreSQL database, continuing a sentence that begins with the setting's name;
 * undefined where nothing is. Shows no part of the URL: of a malformed one nobody can tell which part is the password.
 *
 * Refused is also what the driver (pg-connection-string 2.14) would take for something else than it says, or ignore.
 */
export function postgresUrlProblem(url: string): string | undefined {
  const problem = characterProblem(url);
  if (problem !== undefined) return problem;
  const { server, login = "", name = "", query, fragment } = SHAPE.exec(url)?.groups ?? {};
  if (server === undefined) return `is not a PostgreSQL URL; write ${POSTGRES_FORM}`;
  if (fragment !== undefined) return `has a # sign; write %23 where it belongs to the password, in ${POSTGRES_FORM}`;
  const parameters = new URLSearchParams(query);
  return loginProblem(login) ?? serverProblem(server, parameters) ?? nameProblem(name) ?? parameterProblem(parameters);
}

/** The key and certificate files a URL without problems names, by parameter. */
export function certificateFilesOf(url: string): ReadonlyMap<string, string> {
  const parameters = new URLSearchParams(SHAPE.exec(url)?.groups?.["query"]);
  return new Map([...parameters].filter(([parameter]) => /^ssl(?:rootcert|cert|key)$/.test(parameter)));
}

/** What people may be told of a URL without problems: neither user nor password. */
export function placeOf(url: string): { readonly name: string; readonly host: string } {
  const { server = "", name = "", query } = SHAPE.exec(url)?.groups ?? {};
  return { name: decodeURIComponent(name), host: server || (new URLSearchParams(query).get("host") ?? "localhost") };
}

/** The same URL with one more option for the session, as `-c NAME=VALUE`. */
export function withOption(url: string, option: string): string {
  const parameters = new URLSearchParams(SHAPE.exec(url)?.groups?.["query"]);
  const options = parameters.get("options");
  parameters.set("options", options === null ? option : `${options} ${option}`);
  return `${url.replace(/\?.*$/, "")}?${parameters.toString()}`;
}

function characterProblem(url: string): string | undefined {
  if (!url.isWellFormed() || /[\s\p{Cc}]/u.test(url))
    return `has a space, or a character no URL has; write %20 for a space, in ${POSTGRES_FORM}`;
  const decoded = percentDecoded(url);
  if (decoded === undefined)
    return `has a percent sign that stands for no character; write %25 for the sign itself, in ${POSTGRES_FORM}`;
  // In the protocol a zero byte ends a text, so that one inside would begin another.
  return /\p{Cc}/u.test(decoded) ? `has a control character; write ${POSTGRES_FORM} without one` : undefined;
}

function loginProblem(login: string): string | undefined {
  return /^:./.test(login) ? `has a password without a user; write ${POSTGRES_FORM}` : undefined;
}

function serverProblem(server: string, parameters: URLSearchParams): string | undefined {
  const [, written = "", port] = /^(\[.*\]|[^:]*)(?::(.*))?$/.exec(server) ?? [];
  const host = percentDecoded(written)?.replace(/^\[(.*)\]$/, "$1");
  const hostParameter = parameters.get("host");
  const portParameter = parameters.get("port");
  if ((host !== "" && hostParameter !== null) || (port !== undefined && portParameter !== null))
    return `names a host or a port twice; write ${POSTGRES_FORM}, or for a Unix socket ${SOCKET_FORM}`;
  if (!isPort(port ?? portParameter ?? "5432")) {
    return `has a port that is not a whole number from 1 to 65535; write ${POSTGRES_FORM}, with /, ?, # and @ of a password as %2F, %3F, %23 and %40`;
  }
  if (host === "" && port !== undefined)
    return `has a port without a host; write ${POSTGRES_FORM}, or for a Unix socket ${SOCKET_FORM}&port=PORT`;
  const wanted = hostParameter ?? host;
  if (wanted === "" || wanted === undefined)
    return `names no host; write ${POSTGRES_FORM}, or for a Unix socket ${SOCKET_FORM}`;
  return isHost(wanted) && (!written.startsWith("[") || isIP(wanted) === 6)
    ? undefined
    : `has something else for a host than one name, one address or the absolute path of a socket's folder; write ${POSTGRES_FORM}`;
}

function nameProblem(name: string): string | undefined {
  if (name === "") return `names no database; write ${POSTGRES_FORM}`;
  const decoded = percentDecoded(name);
  if (decoded === undefined || decoded.includes("/") || decoded === "." || decoded === "..")
    return `has something else for a database than one name; write ${POSTGRES_FORM}, with a / of the password as %2F`;
  // The driver decodes the name by decodeURI, which leaves these as they are.
  return decodeURI(name) === decoded
    ? undefined
    : `has a database name with one of the signs ; ? : @ & = + $ , # percent-encoded, which the driver does not decode; write ${POSTGRES_FORM} with another name`;
}

function isHost(host: string): boolean {
  return host.startsWith("/") || isIP(host) !== 0 || HOST_NAME.test(host.replace(/\.$/, ""));
}

function isPort(port: string): boolean {
  return /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
