/** The system's word for what went wrong, such as ENOENT: unlike the message it names no path and quotes nothing. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown error";
}
