import { createHash } from "node:crypto";
import { hash } from "@node-rs/bcrypt";
import { isSameText } from "./stored-hash.ts";
import type { StoredHash } from "./stored-hash.ts";

/** Sixteen times the work of Django's 12: some seconds. Each step doubles it. */
const MAX_COST = 16;

/** Version, cost and 16 bytes of salt in canonical bcrypt base64 make 29 characters; then the checksum. */
const ENCODING =
  /^(?<algorithm>bcrypt|bcrypt_sha256)\$(?<salt>\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{21}[.Oeu])(?<checksum>[./A-Za-z0-9]{31})$/;

/**
 * Reads Django's `bcrypt$$2b$…` and `bcrypt_sha256$$2b$…`. The latter hashes the hexadecimal SHA-256 of
 * the password, so that bcrypt's limit of 72 bytes does not cut it.
 */
export function readBcrypt(encoded: string): StoredHash | undefined {
  const { algorithm, salt, cost, checksum } = ENCODING.exec(encoded)?.groups ?? {};
  if (salt === undefined || checksum === undefined) return undefined;
  if (Number(cost) < 4 || Number(cost) > MAX_COST) return undefined;
  return {
    isCurrent: false,
    async verify(password) {
      const input = algorithm === "bcrypt_sha256" ? createHash("sha256").update(password).digest("hex") : password;
      return isSameText(await hash(input, { salt }), salt + checksum);
    },
  };
}
