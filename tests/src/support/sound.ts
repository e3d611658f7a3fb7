import assert from "node:assert/strict";

import { type Answer, request } from "./http.ts";
import type { TestServer } from "./server.ts";

/** What only the inside of the server looks like. */
const INSIDE =
  /\.[jt]s:\d|node_modules|node:internal|\bat \w+ \(|SQLITE|sqlite|\bselect .* from |prototype of|Cannot read/;

/** That an answer is no failure of the server's and shows nothing of its inside. */
export function assertSound(answer: Pick<Answer, "status" | "text">, what = ""): void {
  assert.ok(answer.status >= 200 && answer.status < 500, `${answer.status} ${what} ${answer.text.slice(0, 200)}`);
  assert.doesNotMatch(answer.text, INSIDE, what);
}

/** That the server still answers others, and logged no failure. */
export async function assertUnharmed(server: TestServer): Promise<void> {
  assert.equal((await request(server, "GET", "/")).status, 200);
  const failures = server.logged.filter(({ level }) => level === "error");
  assert.deepEqual(failures, []);
}
