const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const STYLE = `
:root { color-scheme: light dark; --ground: #fbfaf8; --ink: #23211e; --soft: #6b665f; --line: #e2ddd5; --accent: #a8431f; --panel: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ground: #191817; --ink: #ece8e1; --soft: #a39c92; --line: #37342f; --accent: #f09068; --panel: #211f1d }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em }
h2 { font-size: 1.05rem; margin: 2.2rem 0 .5rem }
p { margin: .5rem 0 } .soft { color: var(--soft) } .problem { color: var(--accent); font-weight: 600 }
a { color: var(--accent); text-underline-offset: .15em }
code, pre { font: .875rem/1.5 ui-monospace, monospace }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; overflow-x: auto }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: .5rem 0 }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
input { width: 100%; max-width: 22rem; padding: .55rem .7rem; font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: .4rem }
button { margin-top: 1.25rem; padding: .55rem 1.3rem; font: inherit; font-weight: 600; color: #fff; background: #a8431f; border: 0; border-radius: .4rem; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (max-width: 34rem) { main { padding-top: 1.75rem } dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem } }
`;

/** A whole page. `content` is HTML: whatever comes from outside has been escaped. */
export const page = (title: string, content: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
${content}
</main></body>
</html>
`;

/** A page that says one thing. */
export const plainPage = (title: string, text: string) =>
  page(title, `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(text)}</p>`);

/** An answer of the API, for a person who looks at it in a browser. */
export const answerPage = (title: string, method: string, path: string, status: number, json: string | undefined) =>
  page(
    `${title} – Earshot`,
    `<p class="soft"><a href="/">Earshot</a> · <a href="/api/">API</a></p>
<h1>${escapeHtml(title)}</h1>
<p><code>${escapeHtml(`${method} ${path}`)}</code> answered <code>${status}</code></p>
${json === undefined ? "" : `<pre>${escapeHtml(JSON.stringify(JSON.parse(json), null, 2))}</pre>`}
<p class="soft"><a href="/api-auth/login/?next=${escapeHtml(encodeURIComponent(path))}">Log in</a> ·
<a href="/api-auth/logout/">Log out</a> · add <code>?format=json</code> for the bare answer</p>`,
  );
