import type { Acknowledged } from "./journal.ts";
import type { Played } from "./schedule.ts";

/** What was played, in a few lines for people. */
export function summary({ journal, began, ended, server, database }: Played): string {
  const { acknowledged, troubles } = journal;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const unavailable = troubles.filter(({ what }) => what === 503);
  const broken = troubles.filter(({ what }) => typeof what === "string");
  const repeated = acknowledged.filter(({ attempts }) => attempts > 1);
  const last503 = Math.max(database.from, ...unavailable.map(({ at }) => at));
  const times = acknowledged.map(({ at }) => at).toSorted((one, other) => one - other);
  return [
    `${acknowledged.length} messages acknowledged in ${seconds(ended - began)}: ` +
      `${Math.round((1000 * acknowledged.length) / (ended - began))} a second`,
    `one server killed with SIGKILL and away for ${seconds(server.until - server.from)}: ` +
      `${broken.length} connections broken or refused, longest pause between two acknowledgements ` +
      seconds(longestPause(times, server.from, server.until)),
    `the database shut down immediately and back by crash recovery after ${seconds(database.until - database.from)}: ` +
      `${unavailable.length} answers 503, the last ${seconds(last503 - database.from)} after the crash; longest pause ` +
      seconds(longestPause(times, database.from, Infinity)),
    `${repeated.length} messages were sent again under their client_id: ` +
      `${repeated.filter(wasThereAlready).length} were there already, their acknowledgement had been lost`,
  ].join("\n");
}

/** Whether the acknowledged message was made by an earlier attempt: its id, a version 7 UUID, begins with the moment. */
function wasThereAlready({ message_id, since }: Acknowledged): boolean {
  return Number.parseInt(message_id.replaceAll("-", "").slice(0, 12), 16) < Math.floor(performance.timeOrigin + since);
}

/** The longest time, in milliseconds, in which nothing was acknowledged, of those that end in the interval or begin in it. */
function longestPause(times: readonly number[], from: number, until: number): number {
  const pauses = times.slice(1).map((time, index) => ({ begins: times[index] ?? time, ends: time }));
  const here = pauses.filter(({ begins, ends }) => ends >= from && begins <= until);
  return here.reduce((longest, { begins, ends }) => Math.max(longest, ends - begins), 0);
}
