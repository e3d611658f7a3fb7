import type { Progress } from "../copy/copy.ts";
import type { Io } from "./io.ts";

/** How often the line at a terminal is written anew, and how often a line elsewhere, in milliseconds. */
const REWRITTEN_MS = 200;
const WRITTEN_MS = 10_000;
const ERASE_LINE = "\r\u001B[2K";

interface CopyProgress {
  readonly show: (progress: Progress) => void;
  /** Erases the line at a terminal; later calls do nothing. */
  readonly end: () => void;
}

/**
 * Says how far a copy is: at a terminal in one line that is rewritten, elsewhere in a line now and then.
 * @param milliseconds gives milliseconds since any moment
 */
export function copyProgress(io: Io, milliseconds: () => number): CopyProgress {
  let begun: { readonly step: Progress["step"]; readonly at: number } | undefined;
  let shownAt = milliseconds();
  let isShown = false;
  return {
    show(progress) {
      const now = milliseconds();
      if (begun?.step !== progress.step) begun = { step: progress.step, at: now };
      if (now - shownAt < (io.isInteractive ? REWRITTEN_MS : WRITTEN_MS)) return;
      shownAt = now;
      const line = lineOf(progress, now - begun.at);
      if (!io.isInteractive) return io.out(line);
      isShown = true;
      io.stdout.write(`${ERASE_LINE}${line}`);
    },
    end() {
      if (isShown) io.stdout.write(ERASE_LINE);
      isShown = false;
    },
  };
}

function lineOf({ step, table, rows, total }: Progress, elapsedMs: number): string {
  const number = (value: number) => Math.round(value).toLocaleString("en");
  const rate = elapsedMs > 0 ? `, ${number((rows / elapsedMs) * 1000)} rows/s` : "";
  return `${step} ${table}: ${number(rows)} of ${number(total)} rows${rate}`;
}
