/** What `npm test --` was given. */
export interface TestOptions {
  /** Files, folders and globs; empty for all tests. */
  readonly paths: readonly string[];
  /** The one engine to run on. */
  readonly engine?: "sqlite" | "postgres";
  /** How many histories the privacy test plays, on each engine. */
  readonly histories?: string;
  /** Files that run at once. */
  readonly concurrency?: number;
  /** What Node gets for every test file: `--test-name-pattern=…` and the like. */
  readonly nodeFlags: readonly string[];
}

/** An option that `npm test` does not take. */
export class UsageError extends Error {}

/** These shape a run of `node --test` as a whole, which this is not. */
const REFUSED =
  /^--(test-reporter|test-shard|test-isolation|test-coverage|test-rerun|test-global|experimental-test-coverage|watch)/;

/** @throws UsageError */
export function parseOptions(given: readonly string[]): TestOptions {
  const value = (name: string, pattern: RegExp, takes: string) => {
    const prefix = `--${name}=`;
    const last = given.findLast((argument) => argument.startsWith(prefix))?.slice(prefix.length);
    if (last !== undefined && !pattern.test(last)) throw new UsageError(`--${name} takes ${takes}, not "${last}".`);
    return last;
  };
  const WHOLE = /^[1-9][0-9]*$/;
  const engine = value("engine", /^(sqlite|postgres)$/, "sqlite or postgres");
  const histories = value("histories", WHOLE, "a number of at least 1");
  const concurrency = value("test-concurrency", WHOLE, "a number of at least 1");
  const nodeFlags = given.filter(
    (argument) => argument.startsWith("-") && !/^--(engine|histories|test-concurrency)=/.test(argument),
  );
  const refused = nodeFlags.find((flag) => REFUSED.test(flag));
  if (refused !== undefined)
    throw new UsageError(`npm test does not take ${refused}; \`node --test ${refused} FILE\` does, on SQLite.`);
  return {
    paths: given.filter((argument) => !argument.startsWith("-")),
    nodeFlags,
    ...(engine === "sqlite" || engine === "postgres" ? { engine } : {}),
    ...(histories === undefined ? {} : { histories }),
    ...(concurrency === undefined ? {} : { concurrency: Number(concurrency) }),
  };
}
