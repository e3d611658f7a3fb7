import {
  CanAccessOwnData,
  IsAuthenticated,
  IsConversationAdmin,
  IsConversationParticipant,
  IsOwner,
} from "../permissions/classes.ts";
import { or, type Permission } from "../permissions/permission.ts";

/** What one takes part in. */
export const conversationPermissions: readonly Permission[] = [
  IsAuthenticated,
  CanAccessOwnData,
  IsConversationParticipant,
];

/** Whoever may remove others and end the conversation for all. */
export const IsConversationManager = or(IsOwner, IsConversationAdmin);

export const deletePermissions: readonly Permission[] = [...conversationPermissions, IsConversationManager];
