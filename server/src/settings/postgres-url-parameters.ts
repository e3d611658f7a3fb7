const SUPPORTED: ReadonlySet<string> = new Set([
  "host",
  "port",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "options",
  "application_name",
]);

/** Parameters of libpq and of other drivers, with what to write instead. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["user", "the user stands before the host: write postgres://USER:PASSWORD@HOST/NAME"],
  ["password", "the password stands before the host: write postgres://USER:PASSWORD@HOST/NAME"],
  ["dbname", "the database stands after the host: write postgres://USER:PASSWORD@HOST/NAME"],
  ["ssl", "write sslmode=verify-full"],
  ["uselibpqcompat", "leave it out and write sslmode=verify-full"],
  ["channel_binding", "leave it out and write sslmode=verify-full"],
  ["schema", "write options=-c%20search_path%3DSCHEMA"],
  ["connect_timeout", "leave it out: connecting has a deadline of its own"],
  ["statement_timeout", "leave it out and set DATABASE_STATEMENT_TIMEOUT"],
  ["lock_timeout", "leave it out and set DATABASE_LOCK_TIMEOUT"],
  ["idle_in_transaction_session_timeout", "leave it out and set DATABASE_IDLE_TRANSACTION_TIMEOUT"],
  ["connection_limit", "leave it out and set DATABASE_POOL_SIZE"],
  ["pgbouncer", "leave it out and set DATABASE_POOLER to transaction"],
]);

const SSL_MODES: ReadonlySet<string> = new Set(["verify-full", "no-verify", "disable"]);
const SSL_MODE_FORM =
  "sslmode=verify-full (TLS, and the server's certificate is checked), sslmode=no-verify (TLS only) or sslmode=disable";

/**
 * What is wrong with the parameters of a PostgreSQL URL, `host` and `port` apart. Shows no value, and no name but those
 * listed here: a password with a question mark in it looks like a parameter.
 */
export function parameterProblem(parameters: URLSearchParams): string | undefined {
  for (const [name, value] of parameters) {
    const instead = INSTEAD.get(name);
    if (instead !== undefined) return `has the parameter ${name}, which is not supported; ${instead}`;
    if (!SUPPORTED.has(name)) {
      return `has a parameter that is not supported; write only ${[...SUPPORTED].join(", ")}, and %3F for a question mark of the password`;
    }
    if (value === "") return `has nothing for ${name}; write ${name}=… with its value, or leave it out`;
    if (parameters.getAll(name).length > 1) return `has ${name} more than once; write it once`;
  }
  return sslProblem(parameters);
}

function sslProblem(parameters: URLSearchParams): string | undefined {
  const has = (name: string) => parameters.has(name);
  const mode = parameters.get("sslmode") ?? undefined;
  // libpq and this driver mean different things by the others, and the driver's next major version changes sides.
  if (mode !== undefined && !SSL_MODES.has(mode)) return `has an sslmode that is not supported; write ${SSL_MODE_FORM}`;
  const relative = ["sslrootcert", "sslcert", "sslkey"].find((name) => !(parameters.get(name) ?? "/").startsWith("/"));
  if (relative !== undefined)
    return `has something else for ${relative} than an absolute path; write ${relative}=/PATH/OF/THE/FILE`;
  if (has("sslcert") !== has("sslkey"))
    return "has only one of sslcert and sslkey, a certificate and its key; write both, or leave both out";
  if (mode === "disable" && (has("sslrootcert") || has("sslcert")))
    return "has certificates for TLS and sslmode=disable; write sslmode=verify-full, or leave the certificates out";
  if (mode === "no-verify" && has("sslrootcert")) {
    return "has sslrootcert, by which the server's certificate is checked, and sslmode=no-verify; write sslmode=verify-full, or leave sslrootcert out";
  }
  return undefined;
}
