import { createHash } from "node:crypto";

/**
 * What ties a token to the password it was obtained by: the upper-case MD5 of the stored hash's text, as simplejwt's
 * CHECK_REVOKE_TOKEN has it. It says nothing of the password: what is digested is a salted hash.
 */
export const passwordClaim = (storedHash: string): string =>
  createHash("md5").update(storedHash).digest("hex").toUpperCase();
