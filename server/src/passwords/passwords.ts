import { doDummyWork, makeArgon2 } from "./hashers/argon2.ts";
import { readStoredHash } from "./hashers/read-stored-hash.ts";
import { passwordTextProblem } from "./password-text.ts";
import { createQueue } from "./queue.ts";
import type { QueueOptions } from "./queue.ts";
import { randomAlphanumeric } from "../random-alphanumeric.ts";

interface Verification {
  matches: boolean;
  /** The password matches, but its hash should be replaced by one from `hash`. Never true without a match. */
  needsRehash: boolean;
}

export interface Passwords {
  /**
   * Makes a new hash, argon2id in Django's encoding, of the password exactly as given.
   * @throws {Error} when the password is longer than 4096 bytes or not encodable as UTF-8
   * @throws {TooBusy} when the queue is full, or the job waited in it until its deadline
   */
  hash(password: string): Promise<string>;

  /**
   * Compares a password with a hash in any of Django's encodings. No such user (`undefined`), a hash nothing
   * can match, and a password that can be none cost as much as a wrong password against a current hash.
   * @throws {TooBusy} when the queue is full, or the job waited in it until its deadline
   */
  verify(password: string, encoded: string | undefined): Promise<Verification>;

  /** What to store for a user who has no password: Django's `!` and 40 random characters. */
  makeUnusable(): string;
}

/**
 * Hashing runs on libuv's thread pool, off the event loop, behind a bounded queue: `concurrency` should stay
 * below the pool's size (4 unless configured), which files and DNS share.
 * @throws {RangeError} when an option is not a whole number within its range
 */
export function createPasswords(options: QueueOptions): Passwords {
  const queue = createQueue(options);

  return {
    async hash(password) {
      const problem = passwordTextProblem(password);
      if (problem !== undefined) throw new Error(problem);
      return queue.run(() => makeArgon2(Buffer.from(password)));
    },

    verify(password, encoded) {
      const isPossible = passwordTextProblem(password) === undefined;
      const stored = isPossible && encoded !== undefined ? readStoredHash(encoded) : undefined;
      return queue.run(async () => {
        if (stored === undefined) {
          await doDummyWork(isPossible ? Buffer.from(password) : Buffer.alloc(0));
          return { matches: false, needsRehash: false };
        }
        const matches = await stored.verify(Buffer.from(password));
        return { matches, needsRehash: matches && !stored.isCurrent };
      });
    },

    makeUnusable() {
      return `!${randomAlphanumeric(40)}`;
    },
  };
}
