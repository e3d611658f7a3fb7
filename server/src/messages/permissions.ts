import {
  CanAccessOwnData,
  IsAuthenticated,
  IsConversationParticipant,
  IsMessageOwner,
} from "../permissions/classes.ts";
import type { Permission } from "../permissions/permission.ts";

/** Read as a participant, change as the sender. */
export const messagePermissions: readonly Permission[] = [IsAuthenticated, CanAccessOwnData, IsMessageOwner];

/** Send as a participant: who is none is told so. */
export const sendPermissions: readonly Permission[] = [
  IsAuthenticated,
  IsConversationParticipant,
  CanAccessOwnData,
  IsMessageOwner,
];
