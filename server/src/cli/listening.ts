import type { AddressInfo } from "node:net";

import { Refusal } from "./refusal.ts";

const EVERY_INTERFACE = new Set(["0.0.0.0", "::"]);

/** The address to open in a browser on this machine. */
export function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === "object" && address !== null ? address.port : "";
  if (EVERY_INTERFACE.has(host)) return `http://localhost:${port}/ and on every address of this machine`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}

/** Says what to do where the port or the address cannot be had; any other error is given back as it is. */
export function listenRefusal(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const free = (other: number) => `npx earshot runserver ${host.includes(":") ? `[${host}]` : host}:${other}`;
  switch (error.code) {
    case "EADDRINUSE":
      return new Refusal(
        `Port ${port} of ${host} is in use, perhaps by another Earshot.`,
        `Stop that program, or set PORT to another port, or run: ${free(port === 65535 ? 8000 : port + 1)}`,
        { cause: error },
      );
    case "EACCES":
      return new Refusal(
        `This user may not listen on port ${port} of ${host}.`,
        `Set PORT to a port above 1023, or run: ${free(8000)}`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new Refusal(
        `This machine has no address ${host}.`,
        "Set HOST to 127.0.0.1, to 0.0.0.0 for every interface, or to an address of this machine.",
        { cause: error },
      );
    default:
      return error;
  }
}
