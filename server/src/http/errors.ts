import type { DetailError, ErrorCode, FieldErrors, TokenMessage } from "@earshot/protocol";

/** An answer that is an error, in the contract's form. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: DetailError | FieldErrors;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: DetailError | FieldErrors,
    options?: ErrorOptions & { headers?: Readonly<Record<string, string>> },
  ) {
    super(`${status}`, options);
    this.status = status;
    this.body = body;
    this.headers = options?.headers ?? {};
  }
}

/** 400: what is wrong, member by member. */
export const invalid = (errors: FieldErrors) => new ApiError(400, errors);

/** 400: the body as a whole cannot be read. */
export const unreadable = (detail: string, cause?: unknown) => new ApiError(400, { detail }, { cause });

/** 401: who asks is not known. */
export function unauthenticated(
  detail = "Authentication credentials were not provided.",
  code?: ErrorCode,
  messages?: TokenMessage[],
) {
  return new ApiError(401, { detail, ...(code && { code }), ...(messages && { messages }) });
}

/** 403: who asks is known, and may not. */
export const forbidden = (detail = "You do not have permission to perform this action.") =>
  new ApiError(403, { detail });

/** 404: not there, or not for the caller to know. */
export const notFound = (detail = "Not found.") => new ApiError(404, { detail });

export const methodNotAllowed = (method: string) => new ApiError(405, { detail: `Method "${method}" not allowed.` });

export const notAcceptable = () => new ApiError(406, { detail: "Could not satisfy the request Accept header." });

export const conflict = (detail: string, code: ErrorCode) => new ApiError(409, { detail, code });

export const tooLarge = () => new ApiError(413, { detail: "Request body is too large." });

export const unsupportedMediaType = (given: string) =>
  new ApiError(415, { detail: `Unsupported media type "${given}" in request.` });

/** 503: not now; the client does well to try again. */
export const unavailable = (retryAfterSeconds: number, cause: unknown) =>
  new ApiError(
    503,
    { detail: "The server is busy. Try again in a moment." },
    { headers: { "retry-after": String(retryAfterSeconds) }, cause },
  );
