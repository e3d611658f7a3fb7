import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { supportedSettings, unsupportedSettings } from "../../../server/src/settings/catalogue.ts";

const FILE = fileURLToPath(new URL("../../../docs/configuration.md", import.meta.url));

const cell = (text: string) => text.replaceAll("|", "\\|");
const rows = supportedSettings.map(
  ({ name, environmentName, defaultInWords, description }) =>
    `| \`${name}\` | \`${environmentName}\` | ${cell(defaultInWords)} | ${cell(description)} |`,
);
const refused = unsupportedSettings.map(({ name, instead }) => `| \`${name}\` | ${cell(instead)} |`);

const documentation = `# Configuration

Everything has a default. Settings stand in \`earshot.settings.ts\` in the folder where Earshot is started (copy
\`earshot.settings.example.ts\`), or in the environment, which wins. A wrong or contradictory setting stops the start, with all
problems listed at once; \`npx earshot check\` does the same without starting.

Lengths of time: seconds, or timedelta's keywords (\`{ minutes: 60 }\`); in the environment also \`60 minutes\`, \`1 day\`. Lists in
the environment are separated by commas. This page is made from the definitions in \`server/src/settings/\`.

| setting | in the environment | default | what it does |
| --- | --- | --- | --- |
${rows.join("\n")}

## Of simplejwt's settings not supported

They are taken at simplejwt's own default and refused at any other value:

| setting | instead |
| --- | --- |
${refused.join("\n")}
`;

test("docs/configuration.md says what the settings are (UPDATE_DOCS=1 writes it)", () => {
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(FILE, documentation);
  assert.equal(readFileSync(FILE, "utf8"), documentation);
});
