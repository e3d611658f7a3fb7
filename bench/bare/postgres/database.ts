import { compile } from "../../../server/src/db/statement.ts";
import type { RowOf, Shape, Statement } from "../../../server/src/db/statement.ts";
import { connect, connectionConfig, driver } from "../../../server/src/db/postgres/connection.ts";
import { dividePool } from "../../../server/src/db/postgres/pool-share.ts";
import { postgresWords } from "../../../server/src/db/postgres/words.ts";
import type { Config } from "../../../server/src/config.ts";

/** As the driver takes a statement: by its name it is prepared once a connection. */
interface Query {
  name: string;
  text: string;
  values: (string | number | null)[];
}

type Client = Pick<Awaited<ReturnType<typeof connect>>, "query">;

/** Runs a statement in a transaction and gives its first row. */
export type Run = <P extends Shape, R extends Shape>(
  statement: Statement<P, R>,
  params: RowOf<P>,
) => Promise<RowOf<R> | undefined>;

/**
 * Earshot's own connections: as many, of the same settings, divided in the same way. Statements that are a transaction each
 * are pipelined on the connection where the fewest wait.
 */
export async function openDatabase({ databaseUrl, postgres }: Config) {
  const config = connectionConfig(databaseUrl, postgres);
  const share = dividePool(postgres.poolSize);
  const openLane = async () => ({ client: await connect(config), waiting: 0 });
  const openLanes = (count: number) => Promise.all(Array.from({ length: count }, openLane));
  const [reading, writing] = [await openLanes(share.reading), await openLanes(share.writing)];
  const { Pool } = await driver();
  const transactions = new Pool({ ...config, max: share.transactions });

  const compiled = new WeakMap<Statement, ReturnType<typeof compile>>();
  const query = <P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>): Query => {
    let found = compiled.get(statement);
    if (found === undefined) {
      found = compile(statement, postgresWords);
      compiled.set(statement, found);
    }
    return { name: statement.name, text: found.sql, values: found.names.map((name) => params[name] ?? null) };
  };
  const firstOf = async <R extends Shape>(client: Client, asked: Query): Promise<RowOf<R> | undefined> =>
    (await client.query<RowOf<R>>(asked)).rows[0];

  const prepare =
    (lanes: typeof reading) =>
    <P extends Shape, R extends Shape>(statement: Statement<P, R>) =>
    async (params: RowOf<P>): Promise<RowOf<R> | undefined> => {
      const lane = lanes.reduce((best, one) => (one.waiting < best.waiting ? one : best));
      lane.waiting += 1;
      try {
        return await firstOf<R>(lane.client, query(statement, params));
      } finally {
        lane.waiting -= 1;
      }
    };

  return {
    /** One of Earshot's reads; the answered function asks it and gives its first row. */
    prepareRead: prepare(reading),
    /** One of Earshot's writes that is a transaction by itself: answered, it is on disk. */
    prepareWrite: prepare(writing),
    /** Runs `body` between `begin` and `commit`, on a connection it has to itself. */
    async inTransaction<T>(body: (run: Run) => Promise<T>): Promise<T> {
      const client = await transactions.connect();
      let isUsable = false;
      try {
        const begun = client.query("begin");
        // A statement behind a `begin` that failed fails too.
        begun.catch(() => {});
        const result = await body((statement, params) => firstOf(client, query(statement, params)));
        await begun;
        await client.query("commit");
        isUsable = true;
        return result;
      } finally {
        client.release(!isUsable);
      }
    },
    close: () => Promise.all([...[...reading, ...writing].map(({ client }) => client.end()), transactions.end()]),
  };
}
