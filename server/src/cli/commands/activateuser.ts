import type { UserService } from "../../users/service.ts";
import type { Io } from "../io.ts";

export async function activateUser(io: Io, users: UserService, username: string): Promise<void> {
  await users.setActive(username, true);
  io.out(`User '${username}' activated.`);
}
