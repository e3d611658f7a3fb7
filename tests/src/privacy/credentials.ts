import { claims, sign } from "../support/tokens.ts";
import { type Account, type Accounts, isOpen } from "./accounts.ts";
import type { Expected } from "./expected.ts";
import type { Person } from "./model.ts";
import { CSRF_MISSING, NOT_AUTHENTICATED, tokenNotValid, USER_INACTIVE, USER_NOT_FOUND } from "./refusals.ts";

/** How a request says who sends it. */
export const CREDENTIALS = [
  "token",
  "cookie",
  // A session from before: logged out meanwhile, or opened under another password.
  "old cookie",
  // Someone's token beside someone else's session: the token counts.
  "token and another's cookie",
  "cookie without csrf",
  "expired token",
  "forged token",
  "refresh token",
  "nothing",
] as const;
export type Credentials = (typeof CREDENTIALS)[number];

export interface Presented {
  readonly lines: readonly string[];
  /** Who the server must take the sender for, or how it must refuse. */
  readonly outcome: { readonly person: Person } | { readonly refusal: Expected };
}

const CSRF_TOKEN = "c".repeat(64);

/** The header lines of some credentials, and what they must come to for this method. */
export async function present(
  credentials: Credentials,
  account: Account,
  another: Account,
  accounts: Accounts,
  isSafe: boolean,
): Promise<Presented> {
  const { person, accessToken } = account;
  const bearer = (token: string) => `Authorization: Bearer ${token}`;
  const refused = (refusal: Expected, ...lines: string[]): Presented => ({ lines, outcome: { refusal } });
  const current = async (of: Account) =>
    of.cookieSessions.findLast((session) => isOpen(session, of)) ?? (await accounts.openSession(of));
  const byCookie = (session: Account["cookieSessions"][number], of: Account, withCsrf: boolean): Presented => {
    const cookie = `Cookie: sessionid=${session.key}; csrftoken=${CSRF_TOKEN}`;
    const lines = withCsrf ? [cookie, `X-CSRFToken: ${CSRF_TOKEN}`] : [cookie];
    if (!isOpen(session, of)) return refused(NOT_AUTHENTICATED, ...lines);
    return isSafe || withCsrf ? { lines, outcome: { person: of.person } } : refused(CSRF_MISSING, ...lines);
  };

  switch (credentials) {
    case "nothing":
      return refused(NOT_AUTHENTICATED);
    case "cookie":
      return byCookie(await current(account), account, true);
    case "old cookie":
      return byCookie(account.cookieSessions[0] ?? (await current(account)), account, true);
    case "cookie without csrf":
      return byCookie(await current(account), account, false);
    case "expired token":
      return refused(
        tokenNotValid("Token is invalid or expired"),
        bearer(sign(claims("access", person.user_id, { exp: 1_700_000_000 }))),
      );
    case "forged token":
      return refused(
        tokenNotValid("Token is invalid or expired"),
        bearer(sign(claims("access", person.user_id), { key: "not-the-key-of-the-server" })),
      );
    case "refresh token":
      return refused(tokenNotValid("Token has wrong type"), bearer(sign(claims("refresh", person.user_id))));
    default: {
      const lines = [bearer(accessToken)];
      if (credentials !== "token") lines.push(...byCookie(await current(another), another, true).lines);
      if (person.state === "deleted") return refused(USER_NOT_FOUND, ...lines);
      if (person.state === "inactive") return refused(USER_INACTIVE, ...lines);
      return { lines, outcome: { person } };
    }
  }
}

/** The header lines of a form that a page of ours sent. */
export const formLines = (sessionKey?: string): string[] => [
  `Cookie: csrftoken=${CSRF_TOKEN}${sessionKey === undefined ? "" : `; sessionid=${sessionKey}`}`,
  "Content-Type: application/x-www-form-urlencoded",
];
export const CSRF_FIELD = { csrfmiddlewaretoken: CSRF_TOKEN };
