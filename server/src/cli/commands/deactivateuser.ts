import type { UserService } from "../../users/service.ts";
import type { Io } from "../io.ts";

export async function deactivateUser(io: Io, users: UserService, username: string): Promise<void> {
  await users.setActive(username, false);
  io.out(`User '${username}' deactivated: they cannot log in, and their tokens and sessions are refused.`);
}
