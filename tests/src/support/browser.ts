import { type Answer, cookieValue, request } from "./http.ts";
import type { TestServer } from "./server.ts";
import { PASSWORD } from "./tokens.ts";

/** What a browser holds after a login. */
export interface BrowserSession {
  readonly sessionid: string;
  readonly csrftoken: string;
}

/** The token that the login page gives a browser that has none. */
export async function csrfTokenFrom(server: TestServer): Promise<string> {
  return cookieValue(await request(server, "GET", "/api-auth/login/"), "csrftoken");
}

interface LoginOptions {
  /** Cookies the browser sends beside its CSRF token. */
  readonly cookies?: Readonly<Record<string, string>>;
  /** Members of the form beside the credentials. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** Fills in the login form; the answer is whatever comes. */
export async function submitLogin(server: TestServer, username: string, options: LoginOptions = {}): Promise<Answer> {
  const { cookies, form, headers = {}, path = "/api-auth/login/" } = options;
  const csrftoken = await csrfTokenFrom(server);
  return request(server, "POST", path, {
    cookies: { csrftoken, ...cookies },
    form: { username, password: PASSWORD, csrfmiddlewaretoken: csrftoken, ...form },
    headers,
  });
}

export const sessionOf = (answer: Answer): BrowserSession => ({
  sessionid: cookieValue(answer, "sessionid"),
  csrftoken: cookieValue(answer, "csrftoken"),
});

/** Logs a user in whose password is `PASSWORD`. */
export const logIn = async (server: TestServer, username: string): Promise<BrowserSession> =>
  sessionOf(await submitLogin(server, username));

/** A read with a session. */
export const withSession = (server: TestServer, sessionid: string) =>
  request(server, "GET", "/api/conversations/", { cookies: { sessionid } });
