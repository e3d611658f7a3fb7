import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { errorCode } from "./error-code.ts";

/** What keeps the driver from reading the files of DATABASE_URL, given by the URL's parameters. One sentence each. */
export async function certificateFileProblems(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const problems = await Promise.all(
    [...files].map(async ([parameter, path]) => {
      const code = await whyUnreadable(path);
      return code === undefined
        ? []
        : [
            `DATABASE_URL: the file of its ${parameter} cannot be read (${code}); write the path of a file the server's user may read`,
          ];
    }),
  );
  return problems.flat();
}

async function whyUnreadable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK);
    return (await stat(path)).isFile() ? undefined : "not a file";
  } catch (error) {
    return errorCode(error);
  }
}
