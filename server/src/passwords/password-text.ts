/** Far above any real passphrase, and small enough that hashing its bytes costs nothing beside the hash. */
const MAX_PASSWORD_BYTES = 4096;

/**
 * Says why a text can be no password at all, whatever the rules for new passwords are: too long, or not
 * encodable as UTF-8 (two such texts would share one hash). Undefined when it can.
 */
export function passwordTextProblem(password: string): string | undefined {
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    return `This password is too long. It must contain at most ${MAX_PASSWORD_BYTES} bytes.`;
  }
  if (!password.isWellFormed()) return "This password contains surrogate characters, which are not allowed.";
  return undefined;
}
