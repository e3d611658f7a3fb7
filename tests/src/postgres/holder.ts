import { setTimeout as delay } from "node:timers/promises";

import type { Client } from "pg";

const DEADLINE_MS = 20_000;

/** A transaction of the test's own: what it has locked stays so until it ends. */
export interface Holder {
  /** @param values of `$1`, `$2` and so on */
  run(sql: string, ...values: readonly string[]): Promise<void>;
  /** Waits until so many connections wait for it at least, be it behind others who do. */
  isAwaitedBy(count: number): Promise<void>;
  commit(): Promise<void>;
  /** Ends it, and nothing was done. */
  release(): Promise<void>;
}

export async function begin(client: Client): Promise<Holder> {
  await client.query("begin");
  return {
    async run(sql, ...values) {
      await client.query(sql, [...values]);
    },
    async isAwaitedBy(count) {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      for (;;) {
        const waiting = (await client.query<{ count: string }>(WAITING)).rows[0]?.count;
        if (Number(waiting) >= count) return;
        if (deadline.aborted) throw new Error(`${waiting} wait, not ${count}`);
        await delay(5);
      }
    },
    commit: async () => void (await client.query("commit")),
    release: async () => void (await client.query("rollback")),
  };
}

/** Locks a conversation as a change of it does. */
export async function lockConversation(client: Client, conversation: string): Promise<Holder> {
  const holder = await begin(client);
  await holder.run("select 1 from conversations where conversation_id = $1 for no key update", conversation);
  return holder;
}

/** Whoever waits for a row waits for the one before in its queue, and only the first for whoever holds it. */
const WAITING = `
  with recursive waiting (pid) as (
    select l.pid from pg_locks l where not l.granted and pg_backend_pid() = any(pg_blocking_pids(l.pid))
    union
    select l.pid from waiting w join pg_locks l on not l.granted and w.pid = any(pg_blocking_pids(l.pid))
  ) select count(*) from waiting`;
