import type { Database } from "./database.ts";
import { initial } from "./migrations/0001-initial.ts";
import { statement, type Statement } from "./statement.ts";
import { all, first, type Transaction } from "./transaction.ts";
import type { Words } from "./words.ts";

export interface Migration {
  /** Counted from 1 without holes; a migration that has been released never changes. */
  readonly number: number;
  readonly name: string;
  /**
   * The last migration that a server must know to run on its result. 0 where it only adds (expand); where it takes away what
   * a release has stopped using (contract), the last migration of that release.
   */
  readonly requires: number;
  readonly statements: (words: Words) => readonly string[];
}

export const migrations: readonly Migration[] = [initial];

/** The database was migrated by a newer Earshot, which has taken away what this one needs. */
export class NewerDatabase extends Error {
  constructor(applied: number, known: number) {
    super(
      `The database is at migration ${applied}, this Earshot knows ${known}. ` +
        `It was used by a newer version: start that version, or restore a backup made before the upgrade.`,
    );
  }
}

export const label = (migration: Migration) => `${String(migration.number).padStart(4, "0")}_${migration.name}`;

/**
 * The migrations that the database still lacks, in order. Changes nothing.
 * @throws NewerDatabase, Unavailable
 */
export async function pendingMigrations(
  database: Database,
  known: readonly Migration[] = migrations,
): Promise<readonly Migration[]> {
  const table = await database.first(tableStatement, {});
  const applied = table === undefined ? [] : await database.all(appliedStatement, {});
  return lackedBy(applied, known);
}

/**
 * Applies what is pending, all of it in one transaction. Of many who start at once one does the work; the others wait, then
 * find it done.
 * @returns the migrations that this call applied
 * @throws NewerDatabase, Unavailable
 */
export async function migrate(
  database: Database,
  now: string,
  known: readonly Migration[] = migrations,
): Promise<readonly Migration[]> {
  return database.writeAtLength(function* () {
    yield* runAll(database.words.lockMigrations);
    yield* prepareLedger(database.words);
    const pending = lackedBy(yield* all(appliedStatement, {}), known);
    for (const migration of pending) {
      yield* runAll(migration.statements(database.words));
      const { number, name, requires } = migration;
      yield* all(recordStatement, { number, name, requires, now });
    }
    return pending;
  });
}

function lackedBy(
  applied: readonly { readonly number: number; readonly requires: number | null }[],
  known: readonly Migration[],
): readonly Migration[] {
  const last = applied.at(-1)?.number ?? 0;
  if (applied.some(({ number, requires }) => (requires ?? number) > known.length))
    throw new NewerDatabase(last, known.length);
  return known.slice(last);
}

/** Makes the table of what was applied, or gives that of the first release its column `requires`. */
function* prepareLedger({ hasColumn }: Words): Transaction<void> {
  yield* runAll([
    `create table if not exists earshot_migrations
      (number integer not null primary key, name text not null, applied_at text not null, requires integer)`,
  ]);
  if ((yield* first(raw(hasColumn("earshot_migrations", "requires")), {})) !== undefined) return;
  yield* runAll(["alter table earshot_migrations add column requires integer"]);
}

function* runAll(texts: readonly string[]): Transaction<void> {
  for (const text of texts) yield* all(raw(text), {});
}

const raw = (sql: string): Statement<{}, {}> => ({ name: "", params: {}, row: {}, sql: () => sql });

const tableStatement = statement({
  name: "migrations.table",
  params: {},
  row: { found: "integer" },
  sql: ({ hasTable }) => hasTable("earshot_migrations"),
});

const appliedStatement = statement({
  // Not prepared: its columns change with the ledger's.
  name: "",
  params: {},
  row: { number: "integer", requires: "integer?" },
  // The first release wrote no `requires`: where the column is missing, so is the member.
  sql: () => "select * from earshot_migrations order by number",
});

const recordStatement = statement({
  name: "migrations.record",
  params: { number: "integer", name: "text", requires: "integer", now: "text" },
  row: {},
  sql: () =>
    "insert into earshot_migrations (number, name, applied_at, requires) values ($number, $name, $now, $requires)",
});
