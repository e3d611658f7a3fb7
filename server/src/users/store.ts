import { statement } from "../db/statement.ts";

/** What each request asks of its caller. */
export const findCaller = statement({
  name: "users.findCaller",
  params: { user: "text" },
  row: { is_active: "integer" },
  sql: () => `select is_active from users where user_id = $user and deleted_at is null`,
});

export const findLogin = statement({
  name: "users.findLogin",
  params: { username: "text" },
  row: { user_id: "text", password: "text", password_epoch: "integer", is_active: "integer" },
  sql: () => `
    select user_id, password, password_epoch, is_active from users where username = $username and deleted_at is null`,
});

export const findByUsername = statement({
  name: "users.findByUsername",
  params: { username: "text" },
  row: {
    user_id: "text",
    username: "text",
    email: "text",
    first_name: "text",
    last_name: "text",
    is_active: "integer",
    is_superuser: "integer",
  },
  sql: () => `
    select user_id, username, email, first_name, last_name, is_active, is_superuser
    from users where username = $username and deleted_at is null`,
});

export const findByEmail = statement({
  name: "users.findByEmail",
  params: { email: "text" },
  row: { user_id: "text" },
  sql: () => `select user_id from users where email = $email and email <> ''`,
});

/** Somebody, whoever it is. */
export const findAnyone = statement({
  name: "users.findAnyone",
  params: {},
  row: { user_id: "text" },
  sql: () => `select user_id from users where deleted_at is null limit 1`,
});

/** Whether someone can be taken into a conversation; they stay so until the transaction ends. */
export const userExists = statement({
  name: "users.exists",
  params: { user: "text" },
  row: { user_id: "text" },
  sql: (words) => `
    select u.user_id from users u where u.user_id = $user and u.deleted_at is null ${words.forShare("u")}`,
});

export const insertUser = statement({
  name: "users.insert",
  params: {
    user: "text",
    username: "text",
    first_name: "text",
    last_name: "text",
    email: "text",
    password: "text",
    is_active: "integer",
    is_superuser: "integer",
    role: "text",
    now: "text",
  },
  row: {},
  sql: () => `
    insert into users
      (user_id, username, first_name, last_name, email, password, is_active, is_staff, is_superuser, role, created_at)
    values ($user, $username, $first_name, $last_name, $email, $password, $is_active, $is_superuser, $is_superuser,
      $role, $now)`,
});

/** A new password: sessions opened under the old one end with its epoch. */
export const setPassword = statement({
  name: "users.setPassword",
  params: { user: "text", password: "text" },
  row: {},
  sql: () => `update users set password = $password, password_epoch = password_epoch + 1 where user_id = $user`,
});

/** The same password under better parameters; only if nobody changed it meanwhile. */
export const rehashPassword = statement({
  name: "users.rehashPassword",
  params: { user: "text", password: "text", epoch: "integer" },
  row: {},
  sql: () => `update users set password = $password where user_id = $user and password_epoch = $epoch`,
});

export const setActive = statement({
  name: "users.setActive",
  params: { user: "text", is_active: "integer" },
  row: {},
  sql: () => `update users set is_active = $is_active where user_id = $user`,
});

export const setLastLogin = statement({
  name: "users.setLastLogin",
  params: { user: "text", now: "text" },
  row: {},
  sql: () => `update users set last_login = $now where user_id = $user`,
});

/** Leaves of a user only an id; the name is free again, and no user name can begin with `~`. */
export const eraseUser = statement({
  name: "users.erase",
  params: { user: "text", now: "text" },
  row: {},
  sql: () => `
    update users set username = '~' || user_id, first_name = '', last_name = '', email = '', phone_number = null,
      role = 'guest', password = '!', password_epoch = password_epoch + 1, is_active = 0, is_staff = 0,
      is_superuser = 0, last_login = null, deleted_at = $now
    where user_id = $user`,
});
