/** A set of a hundred RSA keys with their certificates is smaller. */
const MOST_BYTES = 256 * 1024;

/**
 * The text at an address, by one GET that follows no redirect: bounded in time and size, also where it is compressed.
 * @throws Error whose message says why in a few words, without the address and without what was answered
 */
export async function fetchText(url: string, deadlineMs: number): Promise<string> {
  try {
    const response = await fetch(url, {
      redirect: "error",
      credentials: "omit",
      headers: { accept: "application/jwk-set+json, application/json" },
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new FetchFailed(`status ${response.status}`);
    }
    return await readBounded(response);
  } catch (error) {
    throw error instanceof FetchFailed ? error : new FetchFailed(reasonOf(error), { cause: error });
  }
}

class FetchFailed extends Error {}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new FetchFailed(`more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return "no answer in time";
  const { cause } = error;
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "no connection";
}
