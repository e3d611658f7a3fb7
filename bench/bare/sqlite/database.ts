import { DatabaseSync } from "node:sqlite";
import { compile } from "../../../server/src/db/statement.ts";
import type { RowOf, Shape, Statement } from "../../../server/src/db/statement.ts";
import { sqliteWords } from "../../../server/src/db/sqlite/words.ts";

/** Earshot's own durability: each commit is on disk before its writes are answered. */
export function openDatabase(path: string) {
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16000");
  const begin = database.prepare("begin immediate");
  const savepoint = database.prepare("savepoint one");
  const release = database.prepare("release one");
  const undo = database.prepare("rollback to one");
  const commit = database.prepare("commit");
  let waiting: { body: () => void; done: (failed: boolean) => void }[] = [];

  /** The writes of one turn of the event loop, in one transaction, a savepoint each. */
  const commitWaiting = (): void => {
    const batch = waiting;
    waiting = [];
    begin.run();
    const failed = batch.map(({ body }) => {
      savepoint.run();
      try {
        body();
        return false;
      } catch {
        undo.run();
        return true;
      } finally {
        release.run();
      }
    });
    commit.run();
    batch.forEach(({ done }, index) => done(failed[index] ?? true));
  };

  return {
    /** Prepares one of Earshot's statements; the answered function runs it and gives its first row. */
    prepare<P extends Shape, R extends Shape>(statement: Statement<P, R>) {
      const { sql, names } = compile(statement, sqliteWords);
      const prepared = database.prepare(sql);
      return (params: RowOf<P>) => prepared.get(...names.map((name) => params[name] ?? null)) as RowOf<R> | undefined;
    },
    /** Runs `body` in the next commit; `done` follows that commit. */
    write(body: () => void, done: (failed: boolean) => void): void {
      if (waiting.push({ body, done }) === 1) setImmediate(commitWaiting);
    },
    close: () => database.close(),
  };
}
