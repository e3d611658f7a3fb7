/** The query of a request. Where a name stands more than once, the last value counts, as in Django. */
export class Query {
  readonly #params: URLSearchParams;

  constructor(search: string) {
    this.#params = new URLSearchParams(search);
  }

  get(name: string): string | undefined {
    return this.#params.getAll(name).at(-1);
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
}
