export interface Address {
  readonly HOST?: string;
  readonly PORT: number;
}

/** Django's `PORT` or `HOST:PORT`; an IPv6 address stands in brackets. Undefined where it is neither. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, host = bracketed, digits] = /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  return host === undefined ? { PORT: port } : { HOST: host, PORT: port };
}
