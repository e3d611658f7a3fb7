import { label, migrations } from "../db/migrate.ts";
import { statement } from "../db/statement.ts";
import { CopyProblem } from "./copy-problem.ts";
import type { Snapshot } from "./snapshot.ts";

/** @throws CopyProblem where the source is not at exactly the migrations of this version */
export async function requireThisVersion(source: Snapshot): Promise<void> {
  const isThere = (await source.all(ledger, {})).length > 0;
  const applied = new Set(isThere ? (await source.all(appliedNumbers, {})).map(({ number }) => number) : []);
  const lacking = migrations.filter(({ number }) => !applied.has(number));
  if (lacking.length > 0) {
    throw new CopyProblem(
      isThere
        ? `The source ${source.name} is not migrated; it lacks ${lacking.map(label).join(", ")}.`
        : `The source ${source.name} is no database of Earshot's.`,
      "Nothing was changed. " +
        (isThere
          ? "With DATABASE_URL naming the source, run: npx earshot migrate"
          : "Name with --from the database that DATABASE_URL of the running server names."),
    );
  }
  if (applied.size > migrations.length) {
    throw new CopyProblem(
      `The source ${source.name} was migrated by a newer version of Earshot.`,
      "Nothing was changed. Run the command with that version.",
    );
  }
}

const ledger = statement({
  name: "",
  params: {},
  row: { found: "integer" },
  sql: ({ hasTable }) => hasTable("earshot_migrations"),
});

const appliedNumbers = statement({
  name: "",
  params: {},
  row: { number: "integer" },
  sql: () => "select number from earshot_migrations",
});
