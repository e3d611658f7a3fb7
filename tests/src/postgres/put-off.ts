import assert from "node:assert/strict";

import type { Answer } from "../support/http.ts";

/** That a request was not done, and may be repeated soon. */
export function assertPutOff(answer: Answer, what = ""): void {
  assert.equal(answer.status, 503, `${what} ${answer.text}`);
  assert.match(answer.header("retry-after") ?? "", /^[1-9]\d*$/, what);
}
