import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import * as fc from "fast-check";

import { safeNext } from "../../../server/src/sessions/pages.ts";
import { submitLogin } from "../support/browser.ts";
import { request } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { PASSWORD } from "../support/tokens.ts";

const server = await startServer();
after(() => server.close());
await server.createUser({ username: "alice", password: PASSWORD });

const elsewhere = [
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "\\/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "https://evil.example/",
  "HTTP://evil.example/",
  "https:evil.example",
  "https:///evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "data:text/html,x",
  "evil.example",
  " //evil.example",
  "/api/\r\nSet-Cookie: sessionid=planted",
  "/api/\u2028x",
  "/é",
  "\0/api/",
];

describe("a login leads nowhere but to this server", () => {
  for (const next of elsewhere) {
    test(JSON.stringify(next), async () => {
      for (const answer of [
        await submitLogin(server, "alice", { form: { next } }),
        await submitLogin(server, "alice", { path: `/api-auth/login/?next=${encodeURIComponent(next)}` }),
      ]) {
        assert.equal(answer.status, 302);
        assert.equal(answer.header("location"), "/api/");
        assert.ok(answer.setCookies.every((line) => !line.includes("planted")));
      }
    });
  }

  test("a path of this server is followed, with its query", async () => {
    for (const next of ["/", "/api/messages/?page=2&search=%20a", "/api-auth/logout/", "/a//b"]) {
      assert.equal((await submitLogin(server, "alice", { form: { next } })).header("location"), next);
    }
  });

  test("whatever is asked for, a browser stays", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      "//",
      "@",
      ":",
      ".",
      "..",
      "evil.example",
      "?",
      "#",
      "\t",
      "\r\n",
      "%2f",
      "a",
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (next) => {
        const location = safeNext(next);
        assert.equal(new URL(location, "https://chat.example/api-auth/login/").origin, "https://chat.example");
        assert.ok(location.startsWith("/"));
      }),
      { numRuns: 5000 },
    );
  });
});

test("what stands in the form again is text, not markup", async () => {
  const markup = `"><script>alert(1)</script>`;
  const page = await request(server, "GET", `/api-auth/login/?next=${encodeURIComponent(markup)}`);
  assert.equal(page.status, 200);
  assert.ok(!page.text.includes("<script"));
  const again = await submitLogin(server, "alice", { form: { username: markup, password: "wrong", next: markup } });
  assert.equal(again.status, 200);
  assert.ok(!again.text.includes("<script"));
  assert.match(again.header("content-security-policy") ?? "", /default-src 'none'/);
});
