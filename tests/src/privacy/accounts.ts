import { claims, sign } from "../support/tokens.ts";
import type { TestServer } from "../support/server.ts";
import { statement } from "../../../server/src/db/statement.ts";
import { all } from "../../../server/src/db/transaction.ts";
import { setPassword } from "../../../server/src/users/store.ts";
import { makeMarker } from "./leaks.ts";
import type { Person } from "./model.ts";

const findCreatedAt = statement({
  name: "tests.findCreatedAt",
  params: { user: "text" },
  row: { created_at: "text" },
  sql: () => `select created_at from users where user_id = $user`,
});

interface CookieSession {
  readonly key: string;
  /** A change of password ends it. */
  readonly password_changes: number;
  isLoggedOut: boolean;
}

/** One login by password: its refresh tokens in the order they came, of which the last is good. */
interface TokenSession {
  readonly refreshTokens: string[];
  hasEnded: boolean;
}

/** What a person holds to show who they are. */
export interface Account {
  readonly person: Person;
  accessToken: string;
  password: string | undefined;
  password_changes: number;
  readonly cookieSessions: CookieSession[];
  readonly tokenSessions: TokenSession[];
}

export interface NewAccount {
  readonly is_superuser: boolean;
  /** Whose name and address it takes. */
  readonly like?: Person;
}

export interface Accounts {
  make(given: NewAccount): Promise<Account>;
  /** Opens a session as a login does, without the password's cost. */
  openSession(account: Account): Promise<CookieSession>;
  /** Gives who has no password one, whose hash was made before. */
  givePassword(account: Account): Promise<string>;
}

const PASSWORD = "a-good-long-password-7";

export async function createAccounts({ context }: TestServer): Promise<Accounts> {
  const { database, users, sessions } = context;
  // One hash for all: hashing costs more than all else here.
  const hasher = await users.create({ username: makeMarker("user"), password: PASSWORD });
  const hash = await database.first(
    statement({
      name: "tests.findPassword",
      params: { user: "text" },
      row: { password: "text" },
      sql: () => `select password from users where user_id = $user`,
    }),
    { user: hasher.user_id },
  );
  if (hash === undefined) throw new Error("the account just made is not there");

  return {
    async make({ is_superuser, like }) {
      const username = like?.username ?? makeMarker("user");
      const email = like?.email ?? `${makeMarker("mail")}@example.com`;
      const first_name = makeMarker("name");
      const { user_id } = await users.create({ username, email, first_name, password: undefined, is_superuser });
      const row = await database.first(findCreatedAt, { user: user_id });
      const created_at = row?.created_at.replace(".000000Z", "Z") ?? "";
      const role = is_superuser ? "admin" : "guest";
      return {
        person: { user_id, username, first_name, email, role, created_at, state: "active" },
        accessToken: sign(claims("access", user_id)),
        password: undefined,
        password_changes: 0,
        cookieSessions: [],
        tokenSessions: [],
      };
    },

    async openSession({ person, password_changes, cookieSessions }) {
      const key = await sessions.open({ user_id: person.user_id, password_epoch: password_changes });
      const session = { key, password_changes, isLoggedOut: false };
      cookieSessions.push(session);
      return session;
    },

    async givePassword(account) {
      if (account.password !== undefined) return account.password;
      await database.write(() => all(setPassword, { user: account.person.user_id, password: hash.password }));
      account.password = PASSWORD;
      account.password_changes += 1;
      return account.password;
    },
  };
}

/** Whether a session of the account still opens anything. */
export const isOpen = (session: CookieSession, { person, password_changes }: Account): boolean =>
  person.state === "active" && !session.isLoggedOut && session.password_changes === password_changes;
