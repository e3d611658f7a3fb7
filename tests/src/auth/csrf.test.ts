import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { csrfTokenFrom, logIn, submitLogin, withSession } from "../support/browser.ts";
import { request } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { PASSWORD } from "../support/tokens.ts";
import { textMember } from "../contract/json.ts";

const server = await startServer({ settings: { ALLOWED_HOSTS: ["127.0.0.1", "chat.example", "localhost"] } });
after(() => server.close());
await server.createUser({ username: "alice", password: PASSWORD });
const { user_id: bob } = await server.createUser({ username: "bob" });
const { sessionid, csrftoken } = await logIn(server, "alice");

const cookies = { sessionid, csrftoken };
const good = { "X-CSRFToken": csrftoken };
const made = await request(server, "POST", "/api/conversations/", {
  cookies,
  headers: good,
  json: { participants: [bob] },
});
const conversation = textMember(made.json, "conversation_id");
const sent = await request(server, "POST", "/api/messages/", {
  cookies,
  headers: good,
  json: { conversation, message_body: "hello" },
});
const message = textMember(sent.json, "message_id");

const unsafe: [method: string, path: string, body: object][] = [
  ["POST", "/api/conversations/", { participants: [bob] }],
  ["PUT", `/api/conversations/${conversation}/`, { participants: [bob] }],
  ["PATCH", `/api/conversations/${conversation}/`, { participants: [bob] }],
  ["POST", "/api/messages/", { conversation, message_body: "forged" }],
  ["PUT", `/api/messages/${message}/`, { conversation, message_body: "forged" }],
  ["PATCH", `/api/messages/${message}/`, { message_body: "forged" }],
  ["POST", `/api/conversations/${conversation}/messages/`, { message_body: "forged" }],
  ["PATCH", `/api/conversations/${conversation}/messages/${message}/`, { message_body: "forged" }],
  ["DELETE", `/api/conversations/${conversation}/messages/${message}/`, {}],
  ["DELETE", `/api/messages/${message}/`, {}],
  ["DELETE", `/api/conversations/${conversation}/`, {}],
];

interface Forgery {
  readonly csrf?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const forgeries: Record<string, Forgery> = {
  "no token": { csrf: csrftoken },
  "no cookie": { headers: good },
  "another token": { csrf: csrftoken, headers: { "X-CSRFToken": "A".repeat(64) } },
  "a cookie planted beside": { csrf: "A".repeat(64), headers: good },
  "a token that is none, in both": { csrf: "short", headers: { "X-CSRFToken": "short" } },
  "an empty token in both": { csrf: "", headers: { "X-CSRFToken": "" } },
  "a longer token": { csrf: csrftoken, headers: { "X-CSRFToken": `${csrftoken}a` } },
  "the right token from another origin": { csrf: csrftoken, headers: { ...good, Origin: "https://evil.example" } },
  "the right token from another port": { csrf: csrftoken, headers: { ...good, Origin: "http://127.0.0.1:1" } },
  "the right token from an opaque origin": { csrf: csrftoken, headers: { ...good, Origin: "null" } },
  "the right token from our name as a subdomain": {
    csrf: csrftoken,
    headers: { ...good, Origin: `http://${server.host}.evil.example` },
  },
  "the right token from our name as a user": {
    csrf: csrftoken,
    headers: { ...good, Origin: `http://${server.host}@evil.example` },
  },
};

describe("a request that changes something needs the CSRF token of its cookie", () => {
  for (const [name, { csrf, headers = {} }] of Object.entries(forgeries)) {
    test(`refused by every unsafe route: ${name}`, async () => {
      for (const [method, path, json] of unsafe) {
        const answer = await request(server, method, path, {
          cookies: { sessionid, ...(csrf === undefined ? {} : { csrftoken: csrf }) },
          headers,
          json,
        });
        assert.equal(answer.status, 403, `${method} ${path}`);
        assert.match(textMember(answer.json, "detail"), /^CSRF Failed: /);
      }
    });
  }

  test("nothing was changed by any of them", async () => {
    const { text } = await withSession(server, sessionid);
    assert.ok(text.includes(message) && !text.includes("forged"));
  });

  test("unsafe methods that no route has are refused before it is said that there is none", async () => {
    for (const method of ["PROPFIND", "LOCK", "MKCOL"]) {
      const answer = await request(server, method, "/api/conversations/", { cookies });
      assert.equal(answer.status, 403, method);
    }
  });

  test("reading needs none", async () => {
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      const headers = { Origin: "https://evil.example" };
      assert.equal((await request(server, method, "/api/conversations/", { cookies, headers })).status, 200);
    }
  });

  test("the token from our own origin is taken, under each of our names", async () => {
    for (const host of [server.host, "chat.example", "CHAT.example:8443", "localhost:8000"]) {
      const headers = { ...good, Host: host, Origin: `http://${host.toLowerCase()}` };
      const path = `/api/conversations/${conversation}/messages/`;
      const json = { message_body: "hello again" };
      assert.equal((await request(server, "POST", path, { cookies, headers, json })).status, 201, host);
    }
  });

  test("a form on a page may carry it, and a query may not", async () => {
    const query = `?csrfmiddlewaretoken=${csrftoken}&csrftoken=${csrftoken}`;
    const json = { participants: [bob] };
    assert.equal((await request(server, "POST", `/api/conversations/${query}`, { cookies, json })).status, 403);
  });
});

describe("the login form needs it, too", () => {
  const form = { username: "alice", password: PASSWORD };
  test("a login from elsewhere is refused and sets nothing", async () => {
    const planted = "A".repeat(64);
    for (const answer of [
      await request(server, "POST", "/api-auth/login/", { form }),
      await request(server, "POST", "/api-auth/login/", { form: { ...form, csrfmiddlewaretoken: planted } }),
      await submitLogin(server, "alice", { form: { csrfmiddlewaretoken: planted } }),
      await submitLogin(server, "alice", { headers: { Origin: "https://evil.example" } }),
    ]) {
      assert.equal(answer.status, 403);
      assert.deepEqual(answer.setCookies, []);
      assert.ok(!answer.text.includes(PASSWORD));
    }
  });
  test("a token in the header does for it", async () => {
    const token = await csrfTokenFrom(server);
    const answer = await request(server, "POST", "/api-auth/login/", {
      cookies: { csrftoken: token },
      headers: { "X-CSRFToken": token },
      form,
    });
    assert.equal(answer.status, 302);
  });
  test("credentials in a JSON body or a query are not taken", async () => {
    const token = await csrfTokenFrom(server);
    const options = { cookies: { csrftoken: token }, headers: { "X-CSRFToken": token } };
    const query = new URLSearchParams(form).toString();
    for (const answer of [
      await request(server, "POST", "/api-auth/login/", { ...options, json: form }),
      await request(server, "POST", `/api-auth/login/?${query}`, options),
    ]) {
      assert.notEqual(answer.status, 302);
      assert.ok(answer.setCookies.every((line) => !line.startsWith("sessionid=")));
    }
  });
});
