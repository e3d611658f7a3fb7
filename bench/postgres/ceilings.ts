import { PARTICIPANT_ROLES } from "@earshot/protocol";
import { compile } from "../../server/src/db/statement.ts";
import type { Shape, Statement } from "../../server/src/db/statement.ts";
import { postgresWords } from "../../server/src/db/postgres/words.ts";
import { sendAtOnce } from "../../server/src/messages/at-once-store.ts";
import { historyPages } from "../../server/src/messages/store.ts";
import { findCaller } from "../../server/src/users/store.ts";
import { readers, writers } from "../target.ts";

/** What pgbench runs for an operation: the statements of one request, in one round trip. */
export interface Ceiling {
  /** Usernames of those who ask … */
  callers: string[];
  /** … about their conversations with anybody but these. */
  except: string[];
  /** SQL with `:name` for pgbench's variables, of which `caller` and `conversation` change from time to time. */
  statements: string[];
  /** The variables that stay as they are. */
  variables: Record<string, string>;
}

type Expressions<P extends Shape> = { readonly [K in keyof P]: string };

/** A statement's SQL with an expression in the place of each parameter. */
function sqlWith<P extends Shape, R extends Shape>(statement: Statement<P, R>, expressions: Expressions<P>): string {
  const { sql, names } = compile(statement, postgresWords);
  return sql.replaceAll(/\$(\d+)/g, (_, number: string) => expressions[names[Number(number) - 1] ?? ""] ?? "");
}

const callerSql = sqlWith(findCaller, { user: ":caller" });

/** Ascending over all clients and runs, and as long as a UUID: the index grows at its end, as under the server. */
const messageId = "cast(:run as text) || lpad(cast(:done as text), 9, '0') || lpad(cast(:client_id as text), 3, '0')";

function runPrefix(): string {
  const milliseconds = Date.now().toString(16).padStart(12, "0");
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7000-8000-`;
}

/** By operation. Of the others a request is no fixed list of statements. */
export const ceilings: Readonly<Record<string, () => Ceiling>> = {
  page: () => ({
    callers: readers,
    except: [],
    statements: [
      callerSql,
      sqlWith(historyPages.asc, {
        caller: ":caller",
        conversation: ":conversation",
        limit: ":limit",
        offset: ":offset",
      }),
    ],
    variables: { limit: "20", offset: "0" },
  }),
  send: () => ({
    callers: writers,
    except: readers,
    statements: [
      callerSql,
      sqlWith(sendAtOnce, {
        caller: ":caller",
        conversation: ":conversation",
        roles: ":roles",
        message: messageId,
        client_id: "cast(null as text)",
        payload_hash: "cast(null as text)",
        message_body: ":message_body",
        now: ":now",
      }),
    ],
    variables: {
      roles: JSON.stringify(PARTICIPANT_ROLES),
      message_body: "The quick brown fox jumps over the lazy dog",
      now: new Date().toISOString().replace("Z", "000Z"),
      run: runPrefix(),
    },
  }),
};
