import { textMember } from "../contract/json.ts";
import { type Account, isOpen } from "./accounts.ts";
import { CSRF_FIELD, formLines } from "./credentials.ts";
import { type Expected, page, shows } from "./expected.ts";
import type { ActionOf } from "./history.ts";
import { accountAt, pickOf, senderOf } from "./picking.ts";
import { BLACKLISTED, INVALID_TOKEN, NO_ACCOUNT, NO_SUCH_CREDENTIALS } from "./refusals.ts";
import type { Run } from "./run.ts";

type AccountChange = ActionOf<"deactivate" | "activate" | "delete user" | "make user anew">;

/** What an administrator does to an account, at the command line. */
export async function changeAccount(run: Run, action: AccountChange): Promise<void> {
  const { server, model } = run;
  const { person } = accountAt(run, action.person);
  const { username } = person;
  if (action.do === "make user anew") {
    // The name and the address of an erased user are free again; who takes them is somebody else.
    const isTaken = model.people.some((one) => one.username === username && one.state !== "deleted");
    if (!isTaken) await run.addPeople([{ is_superuser: false, like: person }]);
  } else if (person.state !== "deleted") {
    if (action.do === "delete user") {
      await server.deleteUser(username);
      model.erase(person);
    } else {
      await server.setActive(username, action.do === "activate");
      person.state = action.do === "activate" ? "active" : "inactive";
    }
  }
  run.note(`${action.do} p${model.people.indexOf(person)}`);
}

export async function changePassword(run: Run, action: ActionOf<"change password">): Promise<void> {
  const account = accountAt(run, action.person);
  if (account.person.state === "deleted") return;
  await run.accounts.openSession(account);
  account.password = `another-good-password-${account.password_changes}`;
  account.password_changes += 1;
  await run.server.setPassword(account.person.username, account.password);
  run.note(`p${run.people.indexOf(account)} gets another password`);
  await knockWithOldCookie(run, account);
}

export async function logIn(run: Run, action: ActionOf<"log in">): Promise<void> {
  // Whose name it is now.
  const { username } = accountAt(run, action.person).person;
  const account = run.people.findLast(({ person }) => person.username === username);
  if (account === undefined) return;
  const isThere = account.person.state !== "deleted";
  const right = isThere ? await run.accounts.givePassword(account) : "whatever-it-was";
  const password = action.password === "right" ? right : `${right}x`;
  const isLetIn = action.password === "right" && account.person.state === "active";
  await (action.for === "tokens"
    ? logInForTokens(run, account, { username, password }, isLetIn)
    : logInForSession(run, account, { username, password }, isLetIn));
}

type LoginForm = { readonly username: string; readonly password: string };

async function logInForTokens(run: Run, account: Account, json: LoginForm, isLetIn: boolean) {
  const body = JSON.stringify(json);
  const request = { method: "POST", path: "/api/token/", json };
  const expected: Expected = isLetIn
    ? {
        status: 200,
        body(given) {
          const [refresh, access] = [textMember(given(), "refresh"), textMember(given(), "access")];
          account.accessToken = access;
          account.tokenSessions.push({ refreshTokens: [refresh], hasEnded: false });
          return { refresh, access };
        },
      }
    : NO_SUCH_CREDENTIALS;
  await run.askOpenly(request, [], body, expected);
}

async function logInForSession(run: Run, account: Account, form: LoginForm, isLetIn: boolean) {
  const body = new URLSearchParams({ ...form, ...CSRF_FIELD }).toString();
  const request = { method: "POST", path: "/api-auth/login/" };
  const answer = await run.askOpenly(request, formLines(), body, page(isLetIn ? 302 : 200));
  if (!isLetIn) return;
  const key = /^set-cookie: sessionid=(\w+)/im.exec(answer.head)?.[1] ?? "";
  account.cookieSessions.push({ key, password_changes: account.password_changes, isLoggedOut: false });
}

export async function logOut(run: Run, action: ActionOf<"log out">): Promise<void> {
  const account = accountAt(run, action.person);
  const session =
    account.cookieSessions.find((one) => isOpen(one, account)) ?? (await run.accounts.openSession(account));
  const request = { method: action.method, path: "/api-auth/logout/" };
  const body = action.method === "POST" ? new URLSearchParams(CSRF_FIELD).toString() : "";
  await run.askOpenly(request, formLines(session.key), body, page(200));
  session.isLoggedOut = true;
  await knockWithOldCookie(run, account);
}

const knockWithOldCookie = (run: Run, account: Account) =>
  visit(run, { do: "visit", who: { person: run.people.indexOf(account), by: "old cookie" }, place: "/api/" });

/** A refresh token is used, blacklisted or verified: the newest of a login, or one that is spent. */
export async function useToken(run: Run, action: ActionOf<"refresh" | "blacklist" | "verify">): Promise<void> {
  const loggedIn = run.people.filter(({ tokenSessions }) => tokenSessions.length > 0);
  const account = pickOf(loggedIn, action.person) ?? accountAt(run, action.person);
  const session = pickOf(account.tokenSessions, action.session);
  const age = session === undefined ? 0 : Math.min(action.age, session.refreshTokens.length - 1);
  const token = session?.refreshTokens.at(-1 - age) ?? "no-token";
  const isDeleted = account.person.state === "deleted";
  const use = action.do === "blacklist" && isDeleted ? "verify" : action.do;
  const isSpent = session !== undefined && !isDeleted && (age > 0 || session.hasEnded);
  const json = use === "verify" ? { token } : { refresh: token };
  const request = { method: "POST", path: `/api/token/${use}/`, json };

  const expected = (): Expected => {
    if (session === undefined) return INVALID_TOKEN;
    if (use === "verify") {
      return isSpent ? shows({ non_field_errors: ["Token is blacklisted"] }, 400) : shows({});
    }
    // The token just superseded harms nobody; an older one, used again, ends the session.
    if (isSpent && age > 1) session.hasEnded = true;
    if (isSpent) return BLACKLISTED;
    if (use === "blacklist") {
      session.hasEnded = true;
      return shows({});
    }
    if (account.person.state !== "active") return NO_ACCOUNT;
    return {
      status: 200,
      body(given) {
        const [access, refresh] = [textMember(given(), "access"), textMember(given(), "refresh")];
        account.accessToken = access;
        session.refreshTokens.push(refresh);
        return { access, refresh };
      },
    };
  };
  await run.askOpenly(request, [], JSON.stringify(json), expected());
}

export async function visit(run: Run, { place, who }: ActionOf<"visit">): Promise<void> {
  const request = { method: "GET", path: place };
  if (place !== "/api/") {
    await run.askOpenly(request, [], "", page(200));
    return;
  }
  const url = run.urlOf(request);
  await run.ask(senderOf(run, who), request, () =>
    shows({ conversations: `${url}conversations/`, messages: `${url}messages/` }),
  );
}
