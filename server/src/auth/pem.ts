import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

import type { Algorithm } from "../settings/words.ts";
import { keyProblem } from "./key-problem.ts";

/** A key that fits its algorithm, or what is wrong with the text: continues a sentence that begins with its name. */
export type KeyReading =
  | { readonly ok: true; readonly key: KeyObject }
  | { readonly ok: false; readonly problem: string };

export const isPem = (text: string): boolean => text.trimStart().startsWith("-----BEGIN ");

/** A private key as PEM (PKCS #8, PKCS #1 or SEC 1), not encrypted. Never throws, and no answer shows the key. */
export function readPrivateKey(text: string, algorithm: Algorithm): KeyReading {
  const instead = "write a private key in PEM form, -----BEGIN PRIVATE KEY-----";
  if (!isPem(text))
    return { ok: false, problem: `is not in PEM form, and ${algorithm} signs with a private key; ${instead}` };
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return { ok: false, problem: `is no private key; ${instead}` };
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text))
    return { ok: false, problem: `is encrypted with a passphrase; ${instead}` };
  return read(() => createPrivateKey(unescaped(text)), algorithm, instead);
}

/** A public key as PEM (SPKI or PKCS #1). Never throws, and no answer shows the key. */
export function readPublicKey(text: string, algorithm: Algorithm): KeyReading {
  const instead = "write a public key in PEM form, -----BEGIN PUBLIC KEY-----";
  if (!isPem(text)) return { ok: false, problem: `is not in PEM form; ${instead}` };
  if (text.includes("PRIVATE KEY-----")) return { ok: false, problem: `is a private key; ${instead}` };
  if (!/-----BEGIN (RSA )?PUBLIC KEY-----/.test(text)) return { ok: false, problem: `is no public key; ${instead}` };
  return read(() => createPublicKey(unescaped(text)), algorithm, instead);
}

/** In the environment, line ends are often written as `\n`; PEM itself has no backslash. */
const unescaped = (text: string) => text.trim().replaceAll("\\n", "\n");

function read(make: () => KeyObject, algorithm: Algorithm, instead: string): KeyReading {
  try {
    const key = make();
    const problem = keyProblem(key, algorithm);
    return problem === undefined ? { ok: true, key } : { ok: false, problem: `${problem}; ${instead} that fits` };
  } catch {
    // OpenSSL's words help nobody, and might quote.
    return { ok: false, problem: `is a PEM key that cannot be read; ${instead}` };
  }
}
