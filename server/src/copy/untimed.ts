/**
 * A statement behind PostgreSQL's `begin`: the timeouts that a role or a database has are made for requests. Asks for their
 * names, since older versions have fewer.
 */
export const UNTIMED = `
  select set_config(name, '0', true) from pg_settings
  where name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;
