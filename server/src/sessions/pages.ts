import type { Clock } from "../clock.ts";
import { SESSION_COOKIE } from "../auth/authentication.ts";
import type { Config } from "../config.ts";
import { deleteCookie, setCookie } from "../http/cookies.ts";
import { escapeHtml, page, plainPage } from "../http/html.ts";
import type { Page, PageAnswer, PageRequest } from "../http/page.ts";
import { AllowAny } from "../permissions/classes.ts";
import { strip } from "../python-text.ts";
import type { Login } from "../users/login.ts";
import { csrfProblem, csrfTokenOf, makeCsrfToken } from "../http/csrf.ts";
import type { CookieSessions } from "./service.ts";

interface Dependencies {
  readonly login: Login;
  readonly sessions: CookieSessions;
  readonly settings: Config["session"];
  readonly csrfCookie: (token: string) => string;
  readonly clock: Clock;
}

const AFTER_LOGIN = "/api/";

/** `/api-auth/login/` and `/api-auth/logout/` (contract: session.json). */
export function sessionPages({ login, sessions, settings, csrfCookie, clock }: Dependencies): Page[] {
  const form = (request: PageRequest, problems: readonly string[]): PageAnswer => {
    const token = csrfTokenOf(request.cookies) ?? makeCsrfToken();
    const html = loginForm(token, request.query.get("next") ?? "", request.form.get("username") ?? "", problems);
    return { status: 200, html, headers: { vary: "Cookie", "set-cookie": csrfCookie(token) } };
  };

  const logIn = async (request: PageRequest): Promise<PageAnswer> => {
    const refused = refuseForged(request);
    if (refused !== undefined) return refused;
    const [username, password] = [strip(request.form.get("username") ?? ""), request.form.get("password") ?? ""];
    const missing = [...(username === "" ? ["Username"] : []), ...(password === "" ? ["Password"] : [])];
    if (missing.length > 0)
      return form(
        request,
        missing.map((name) => `${name}: This field is required.`),
      );
    const user = await login.check(username, password);
    if (user === undefined) {
      return form(request, [
        "Please enter a correct username and password. Note that both fields may be case-sensitive.",
      ]);
    }
    // A new session and a new CSRF token at each login, in place of the old: nobody can have planted either.
    const previous = request.cookies.get(SESSION_COOKIE);
    if (previous !== undefined) await sessions.end(previous);
    const key = await sessions.open(user);
    const now = clock.milliseconds();
    const { cookieAgeSeconds: maxAge, cookieSecure: secure } = settings;
    const session = setCookie(SESSION_COOKIE, key, { maxAge, now, httpOnly: true, secure });
    const location = safeNext(request.form.get("next") || request.query.get("next"));
    return { status: 302, headers: { vary: "Cookie", location, "set-cookie": [csrfCookie(makeCsrfToken()), session] } };
  };

  const logOut = async (request: PageRequest): Promise<PageAnswer> => {
    const key = request.cookies.get(SESSION_COOKIE);
    if (key !== undefined) await sessions.end(key);
    const html = page(
      "Logged out – Earshot",
      `<h1>Logged out</h1>\n<p><a href="/api-auth/login/">Log in again</a></p>`,
    );
    return { status: 200, html, headers: { vary: "Cookie", "set-cookie": deleteCookie(SESSION_COOKIE) } };
  };

  return [
    {
      path: "/api-auth/login/",
      name: "Log in",
      permissions: [AllowAny],
      methods: { GET: async (request) => form(request, []), POST: logIn },
    },
    {
      path: "/api-auth/logout/",
      name: "Log out",
      permissions: [AllowAny],
      methods: { GET: logOut, POST: async (request) => refuseForged(request) ?? logOut(request) },
    },
  ];
}

/** 403 for a form that some other site may have sent. */
function refuseForged({ headers, cookies, form }: PageRequest): PageAnswer | undefined {
  const problem = csrfProblem(headers, cookies, form.get("csrfmiddlewaretoken"));
  if (problem === undefined) return undefined;
  return {
    status: 403,
    html: plainPage("403 Forbidden", `CSRF verification failed: ${problem} Open the page anew and try again.`),
    headers: { "content-type": "text/html" },
  };
}

/** Only paths of this server are followed: not `//host`, not `/\\host`, no control characters. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : AFTER_LOGIN;
}

const loginForm = (token: string, next: string, username: string, problems: readonly string[]) =>
  page(
    "Log in – Earshot",
    `<h1>Log in</h1>
${problems.map((problem) => `<p class="problem" role="alert">${escapeHtml(problem)}</p>`).join("\n")}
<form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="${escapeHtml(token)}">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="username">Username</label>
<input id="username" name="username" autocomplete="username" value="${escapeHtml(username)}" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<div><button type="submit">Log in</button></div>
</form>`,
  );
