import type { Expected } from "./expected.ts";

/** What the contract says to whoever may not, each in its one form. */
const refusal = (status: number, body: object): Expected => ({ status, body: () => body });

export const NOT_AUTHENTICATED = refusal(401, { detail: "Authentication credentials were not provided." });
export const USER_NOT_FOUND = refusal(401, { detail: "User not found", code: "user_not_found" });
export const USER_INACTIVE = refusal(401, { detail: "User is inactive", code: "user_inactive" });
export const tokenNotValid = (message: string) =>
  refusal(401, {
    detail: "Given token not valid for any token type",
    code: "token_not_valid",
    messages: [{ token_class: "AccessToken", token_type: "access", message }],
  });
export const CSRF_MISSING = refusal(403, { detail: "CSRF Failed: CSRF token missing or incorrect." });

export const NOT_FOUND: Expected = { ...refusal(404, { detail: "Not found." }), isHidden: true };
/** Said of a page number as such and of a page past the end of what one sees: in neither case of what is hidden. */
export const INVALID_PAGE: Expected = { ...refusal(404, { detail: "Invalid page." }) };
export const FORBIDDEN = refusal(403, { detail: "You do not have permission to perform this action." });
export const NOT_A_PARTICIPANT = refusal(403, { detail: "You are not a participant of this conversation." });
export const CONFLICT = refusal(409, {
  detail: "This client_id was used for another message in this conversation.",
  code: "client_id_conflict",
});

export const fieldError = (member: string, text: string) => refusal(400, { [member]: [text] });
export const required = (member: string) => fieldError(member, "This field is required.");
export const unknownId = (member: string, id: string) =>
  fieldError(member, `Invalid pk "${id}" - object does not exist.`);
export const methodNotAllowed = (method: string) => refusal(405, { detail: `Method "${method}" not allowed.` });

export const BLACKLISTED = refusal(401, { detail: "Token is blacklisted", code: "token_not_valid" });
export const NO_ACCOUNT = refusal(401, { detail: "No active account found for the given token." });
export const NO_SUCH_CREDENTIALS = refusal(401, { detail: "No active account found with the given credentials" });
export const INVALID_TOKEN = refusal(401, { detail: "Token is invalid or expired", code: "token_not_valid" });
