import { TryLater } from "../try-later.ts";

/** The queue is full, or a job waited in it until its deadline. Nothing was done; answer 503 with Retry-After. */
export class TooBusy extends TryLater {
  /** @param retryAfterSeconds whole seconds after which everything that waits now is done or given up */
  constructor(retryAfterSeconds: number) {
    super(`Too busy: try again in ${retryAfterSeconds} s.`, retryAfterSeconds);
  }
}

export interface QueueOptions {
  /** Jobs that run at once, at least 1. */
  concurrency: number;
  /** Jobs that may wait beside those, 0 or more. */
  queueLimit: number;
  /** Milliseconds a job may wait for its turn, at least 1. */
  deadlineMs: number;
}

export interface Queue {
  /**
   * Runs `job` when its turn comes, in order of arrival, and settles as it does.
   * @throws {TooBusy} at once when the queue is full, or after `deadlineMs` of waiting; the job never runs then
   */
  run<Result>(job: () => Promise<Result>): Promise<Result>;
}

/** @throws {RangeError} when an option is not a whole number within its range */
export function createQueue({ concurrency, queueLimit, deadlineMs }: QueueOptions): Queue {
  requireInteger("concurrency", concurrency, 1);
  requireInteger("queueLimit", queueLimit, 0);
  requireInteger("deadlineMs", deadlineMs, 1);

  const retryAfterSeconds = Math.ceil(deadlineMs / 1000);
  const waiting = new Set<() => void>();
  let running = 0;

  function waitForTurn(): Promise<void> {
    if (running < concurrency) {
      running += 1;
      return Promise.resolve();
    }
    if (waiting.size >= queueLimit) return Promise.reject(new TooBusy(retryAfterSeconds));
    return new Promise((resolve, reject) => {
      const start = () => {
        clearTimeout(deadline);
        waiting.delete(start);
        resolve();
      };
      const deadline = setTimeout(() => {
        waiting.delete(start);
        reject(new TooBusy(retryAfterSeconds));
      }, deadlineMs);
      waiting.add(start);
    });
  }

  /** Hands the place of a finished job on, so that a newcomer cannot overtake those who wait. */
  function passTurnOn(): void {
    const [next] = waiting;
    if (next) next();
    else running -= 1;
  }

  return {
    async run(job) {
      await waitForTurn();
      try {
        return await job();
      } finally {
        passTurnOn();
      }
    },
  };
}

function requireInteger(name: string, value: number, minimum: number): void {
  if (!Number.isInteger(value) || value < minimum) {
    throw new RangeError(`${name} must be a whole number of at least ${minimum}, but is ${value}.`);
  }
}
