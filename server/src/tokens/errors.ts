/** The credentials or the token may be good; their user is not (or not any more) one who may come in. */
export class NoActiveAccount extends Error {}

/** The token was obtained by a password that is not its user's any more. */
export class PasswordChanged extends Error {
  constructor() {
    super("The user's password has been changed.");
  }
}
