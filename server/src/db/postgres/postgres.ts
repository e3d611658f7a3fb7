import { setTimeout as delay } from "node:timers/promises";

import type { PostgresSettings } from "../../settings/resolved.ts";
import type { Database } from "../database.ts";
import type { RowOf, Shape, Statement } from "../statement.ts";
import type { Params, Row } from "../transaction.ts";
import { connect, connectionConfig } from "./connection.ts";
import { StatementFailed, toldOutside } from "./errors.ts";
import { Lanes } from "./lanes.ts";
import { dividePool } from "./pool-share.ts";
import { createQueries } from "./query.ts";
import { postgresWords } from "./words.ts";
import { runBody, Transactions } from "./transactions.ts";

/** Statements that may be under way on one connection. */
const LANE_LIMIT = 500;
/** The same for searches, each of which may take long. */
const SLOW_LIMIT = 64;
/** How long closing waits for statements under way, in milliseconds. */
const CLOSE_DEADLINE_MS = 5000;

/** A PostgreSQL database. Nothing is connected before the first statement. */
export function openPostgres(url: string, settings: PostgresSettings): Database {
  const query = createQueries(settings.pooler === "none");
  const config = connectionConfig(url, settings);
  const open = () => connect(config);
  const share = dividePool(settings.poolSize);
  const reading = new Lanes(share.reading, LANE_LIMIT, open);
  const writing = new Lanes(share.writing, LANE_LIMIT, open);
  const slow = new Lanes(share.slow, SLOW_LIMIT, open);
  const transactions = new Transactions(config, share.transactions, query);

  const read = async (statement: Statement, params: Params): Promise<readonly Row[]> => {
    const asked = query(statement, params);
    if (asked === undefined) return [];
    const lanes = statement.slow === true ? slow : reading;
    try {
      return await lanes.run(asked).catch((error: unknown) => {
        // A connection that was lost while it lay idle shows only now; a read can be asked again.
        const isWorthIt =
          error instanceof StatementFailed && (error.meaning === "lost" || error.meaning === "conflict");
        if (isWorthIt) return lanes.run(asked);
        throw error;
      });
    } catch (error) {
      throw toldOutside(error);
    }
  };

  return {
    words: postgresWords,
    async all<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>) {
      return (await read(statement, params)) as readonly RowOf<R>[];
    },
    async first<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>) {
      return (await read(statement, params))[0] as RowOf<R> | undefined;
    },
    async atOnce<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>) {
      const asked = query(statement, params);
      if (asked === undefined) return undefined;
      try {
        return (await writing.run(asked))[0] as RowOf<R> | undefined;
      } catch (error) {
        if (error instanceof StatementFailed && error.meaning === "conflict") return undefined;
        throw toldOutside(error);
      }
    },
    async write(body) {
      try {
        return await transactions.run(body);
      } catch (error) {
        throw toldOutside(error);
      }
    },
    async writeAtLength(body) {
      try {
        const client = await connect({
          ...config,
          query_timeout: undefined,
          statement_timeout: undefined,
          lock_timeout: undefined,
        });
        try {
          return await runBody(client, query, body);
        } finally {
          await client.end();
        }
      } catch (error) {
        throw toldOutside(error);
      }
    },
    async close() {
      const closed = Promise.allSettled([reading.close(), writing.close(), slow.close(), transactions.close()]);
      // A database that answers no more is not waited for.
      await Promise.race([closed, delay(CLOSE_DEADLINE_MS, undefined, { ref: false })]);
    },
  };
}
