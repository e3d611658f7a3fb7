import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, stat, unlink, open } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "./error-code.ts";

/** 86 characters: long enough for every algorithm this release signs with. */
const SECRET_BYTES = 64;
const LARGEST_SECRET_FILE = 4096;

interface StoredSecret {
  readonly secretKey: string;
  readonly path: string;
  readonly warnings: readonly string[];
}

export type SecretReading =
  | { readonly ok: true; readonly stored: StoredSecret }
  | { readonly ok: false; readonly problem: string };

/** Creates the folder of everything the server keeps, for its owner alone. Gives what went wrong. */
export async function ensureDataDir(dataDir: string): Promise<readonly string[]> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return (await stat(dataDir)).isDirectory() ? [] : [folderProblem(dataDir, "ENOTDIR")];
  } catch (error) {
    return [folderProblem(dataDir, errorCode(error))];
  }
}

/**
 * Reads `<dataDir>/secret_key`, or makes it where it is missing; the folder must exist. Of several starters at once
 * one file wins, and all of them read that one. Never throws, and no answer but the good one holds the secret.
 */
export async function readOrMakeSecretKey(dataDir: string): Promise<SecretReading> {
  const path = join(dataDir, "secret_key");
  try {
    return (await readSecretKey(path)) ?? (await makeSecretKey(path)) ?? gone(path);
  } catch (error) {
    return {
      ok: false,
      problem: `SECRET_KEY is not set, and ${path} can be neither read nor made (${errorCode(error)}); set SECRET_KEY, or give the server's user a data folder it may write to`,
    };
  }
}

async function makeSecretKey(path: string): Promise<SecretReading | undefined> {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.new`;
  const file = await open(temporary, "wx", 0o600);
  try {
    try {
      await file.writeFile(`${randomBytes(SECRET_BYTES).toString("base64url")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // Unlike a rename, a link never replaces the file another starter has made meanwhile.
    await link(temporary, path).catch((error: unknown) => {
      if (errorCode(error) !== "EEXIST") throw error;
    });
  } finally {
    await unlink(temporary);
  }
  return readSecretKey(path);
}

async function readSecretKey(path: string): Promise<SecretReading | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  if (!found.isFile() || found.size > LARGEST_SECRET_FILE) return unusable(path, "is not a file with one secret in it");
  const secretKey = (await readFile(path, "utf8")).trim();
  if (secretKey === "") return unusable(path, "is empty");
  // Windows has no such modes: there every file looks readable by all.
  const isOpenToOthers = process.platform !== "win32" && (found.mode & 0o077) !== 0;
  const warnings = isOpenToOthers
    ? [`${path} may be read or changed by other users of this machine; run: chmod 600 ${path}`]
    : [];
  return { ok: true, stored: { secretKey, path, warnings } };
}

function gone(path: string): SecretReading {
  return unusable(path, "disappeared while the server was starting");
}

function unusable(path: string, what: string): SecretReading {
  return {
    ok: false,
    problem: `SECRET_KEY is not set, and ${path} ${what}; set SECRET_KEY, or remove the file and a new secret is made (which logs everyone out)`,
  };
}

function folderProblem(dataDir: string, code: string): string {
  return `EARSHOT_DATA_DIR: the folder ${dataDir} cannot be created or used (${code}); write the path of a folder the server's user may create`;
}
