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
   * What it means to a server that does not know it yet: after `expand` the release before runs on, after `contract` it
   * is refused. What a release stops using, the next one takes away.
   */
  readonly kind: "expand" | "contract";
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
      const { number, name, kind } = migration;
      yield* all(recordStatement, { number, name, kind, now });
    }
    return pending;
  });
}

function lackedBy(
  applied: readonly { readonly number: number; readonly kind: string | null }[],
  known: readonly Migration[],
): readonly Migration[] {
  const last = applied.at(-1)?.number ?? 0;
  const unknown = applied.filter(({ number }) => number > known.length);
  if (unknown.some(({ kind }) => kind !== "expand")) throw new NewerDatabase(last, known.length);
  return known.slice(last);
}

/** Makes the table of what was applied, or gives that of the first release its `kind`. */
function* prepareLedger({ hasColumn }: Words): Transaction<void> {
  yield* runAll([
    `create table if not exists earshot_migrations
      (number integer not null primary key, name text not null, applied_at text not null, kind text not null)`,
  ]);
  if ((yield* first(raw(hasColumn("earshot_migrations", "kind")), {})) !== undefined) return;
  yield* runAll(["alter table earshot_migrations add column kind text not null default 'contract'"]);
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
  name: "migrations.applied",
  params: {},
  row: { number: "integer", kind: "text?" },
  // The first release wrote no `kind`: where the column is missing, so is the member.
  sql: () => "select * from earshot_migrations order by number",
});

const recordStatement = statement({
  name: "migrations.record",
  params: { number: "integer", name: "text", kind: "text", now: "text" },
  row: {},
  sql: () => "insert into earshot_migrations (number, name, applied_at, kind) values ($number, $name, $now, $kind)",
});
