import type { TestServer } from "../support/server.ts";

/** Everyone's password in the record. */
export const PASSWORD = "correct-Horse-7";

/** The server that is replayed against, and what the placeholders stand for there. */
export interface World {
  readonly server: TestServer;
  /** Values by placeholder, without its brackets. */
  readonly names: Map<string, string>;
  /** The value of a placeholder; a token not needed before is made now. Rejects where nothing stands for it yet. */
  valueOf(name: string): Promise<string>;
}
