// A copy in a process of its own, which ends as by a power cut after so many rows.
import { createClock } from "@earshot/server";
import { copyDatabase } from "../../../server/src/copy/copy.ts";
import { readPlace } from "../../../server/src/copy/place.ts";

const [from = "", to = "", afterRows = ""] = process.argv.slice(2);
await copyDatabase({
  from: readPlace("--from", from, "/"),
  to: readPlace("--to", to, "/"),
  signal: new AbortController().signal,
  now: createClock().moment,
  onProgress({ rows }) {
    if (rows >= Number(afterRows)) process.kill(process.pid, "SIGKILL");
  },
});
