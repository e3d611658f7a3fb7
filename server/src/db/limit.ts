/**
 * `limit … offset …` by parameters. Behind a cast, since SQLite looks at a bare parameter there to plan by its value, and so
 * prepares the statement anew whenever it is bound: half the time of a page.
 */
export const limited = (limit: string, offset?: string): string =>
  `limit cast(${limit} as bigint)${offset === undefined ? "" : ` offset cast(${offset} as bigint)`}`;
