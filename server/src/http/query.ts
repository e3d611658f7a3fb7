/** The query of a request. Where a name stands more than once, the last value counts, as in Django. */
export class Query {
  readonly #search: string;
  #parsed: URLSearchParams | undefined;

  /** @param search what stands behind the `?` */
  constructor(search: string) {
    this.#search = search;
  }

  get(name: string): string | undefined {
    return this.#search === "" ? undefined : this.#params.getAll(name).at(-1);
  }

  /** The query with `name` set, or without it, in the order and spelling of Django REST framework's links. */
  with(name: string, value: string | undefined): string {
    const params = new URLSearchParams(this.#params);
    if (value === undefined) params.delete(name);
    else params.set(name, value);
    params.sort();
    const text = params.toString().replaceAll("%7E", "~").replaceAll("*", "%2A");
    return text === "" ? "" : `?${text}`;
  }

  get #params(): URLSearchParams {
    this.#parsed ??= new URLSearchParams(this.#search);
    return this.#parsed;
  }
}

/** A request target, apart at its `?`. */
export function splitTarget(target: string): { readonly path: string; readonly search: string } {
  const at = target.indexOf("?");
  return at === -1 ? { path: target, search: "" } : { path: target.slice(0, at), search: target.slice(at + 1) };
}
