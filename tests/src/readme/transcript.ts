/** A command of a transcript and what the README says it prints. */
export interface Exchange {
  readonly command: string;
  readonly output: string;
}

/** The commands (`$ …`) in the `console` blocks of a Markdown text, each with the lines below it. */
export function readTranscript(markdown: string): Exchange[] {
  const blocks = [...markdown.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((part) => part !== "")
      .map((part) => {
        const [command = "", ...output] = part.trimEnd().split("\n");
        return { command, output: output.join("\n") };
      }),
  );
}

/** What the README shows, as a pattern: `…` stands for anything within a line. */
export function toPattern(shown: string): RegExp {
  const parts = shown.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^\\n]+?")}$`);
}

const MARK = "--- end of output ---";

/** One shell script that runs every command and marks where its output ends. */
export const toScript = (exchanges: readonly Exchange[]) =>
  exchanges.map(({ command }) => `${command}\necho; echo '${MARK}'`).join("\n");

/** What each command of the script printed. */
export const splitOutput = (output: string) =>
  output
    .split(`${MARK}\n`)
    .slice(0, -1)
    .map((part) => part.replace(/\n+$/, ""));
