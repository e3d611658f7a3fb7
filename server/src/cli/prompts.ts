import { createInterface } from "node:readline";
import { Writable } from "node:stream";

import type { Io } from "./io.ts";
import { Refusal } from "./refusal.ts";

/** Questions to the person at the terminal. Ctrl-C and Ctrl-D at any of them cancel the command. */
export interface Prompts {
  /** @throws Refusal where the person cancels */
  ask(question: string): Promise<string>;
  /** The same, and what is typed is not shown. @throws Refusal where the person cancels */
  askHidden(question: string): Promise<string>;
}

/** Opens the terminal for questions while `work` runs. */
export async function withPrompts<T>(io: Io, work: (prompts: Prompts) => Promise<T>): Promise<T> {
  let isHidden = false;
  const screen = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) io.stdout.write(chunk);
      done();
    },
  });
  // Without a history: the arrow keys must not bring a password back.
  const reader = createInterface({ input: io.stdin(), output: screen, terminal: true, historySize: 0 });
  const lines = reader[Symbol.asyncIterator]();

  const answer = async (question: string, hidden: boolean): Promise<string> => {
    reader.setPrompt(question);
    reader.prompt();
    isHidden = hidden;
    const line = await lines.next();
    isHidden = false;
    if (hidden || line.done === true) io.out("");
    if (line.done === true) throw new Refusal("Operation cancelled.", "Nothing was changed.");
    return line.value;
  };

  try {
    return await work({
      ask: (question) => answer(question, false),
      askHidden: (question) => answer(question, true),
    });
  } finally {
    reader.close();
  }
}
