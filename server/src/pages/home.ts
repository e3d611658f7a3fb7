import { escapeHtml, page } from "../http/html.ts";
import type { Page } from "../http/page.ts";
import { AllowAny } from "../permissions/classes.ts";

/** `GET /`: what this is, and where to go on. */
export function homePage(version: string): Page {
  return {
    path: "/",
    name: "Home",
    permissions: [AllowAny],
    methods: {
      GET: async ({ headers }) => ({ status: 200, html: html(version, headers.host ?? ""), headers: {} }),
    },
  };
}

const html = (version: string, host: string) =>
  page(
    "Earshot",
    `<h1>Earshot</h1>
<p>Only those within earshot hear: a self-hosted messaging server.</p>
<h2>This server</h2>
<dl><dt>State</dt><dd>running</dd><dt>Version</dt><dd>${escapeHtml(version)}</dd></dl>
<h2>Go on</h2>
<dl>
<dt><a href="/api-auth/login/">Log in</a></dt><dd>and look around the API in the browser</dd>
<dt><a href="/api/">API</a></dt><dd>what is served, for whom is signed in</dd>
<dt><a href="/api/conversations/">Conversations</a></dt><dd>those you take part in</dd>
<dt><a href="/api/messages/">Messages</a></dt><dd>those you sent or received</dd>
</dl>
<h2>With a token</h2>
<pre>curl -X POST http://${escapeHtml(host)}/api/token/ \\
  -H 'Content-Type: application/json' \\
  -d '{"username": "ada", "password": "…"}'</pre>`,
  );
