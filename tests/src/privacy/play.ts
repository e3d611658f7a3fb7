import { changeAccount, changePassword, logIn, logOut, useToken, visit } from "./account-actions.ts";
import { deleteConversation, openConversation, promote, setParticipants } from "./conversation-actions.ts";
import type { Action, History } from "./history.ts";
import { changeMessage, deleteMessage, send } from "./message-actions.ts";
import {
  describe,
  listConversations,
  listMessages,
  readConversation,
  readMessage,
  readPosition,
  useUnservedMethod,
} from "./reads.ts";
import type { Run } from "./run.ts";
import { everything, lateRepeats } from "./sweep.ts";

const PEOPLE = 5;

/** Plays a history against the server and the model, and at its end lets everyone read everything. */
export async function playHistory(run: Run, { opening, actions }: History): Promise<void> {
  // One of them is a superuser, who sees no more than anyone else.
  await run.addPeople(Array.from({ length: PEOPLE }, (_, place) => ({ is_superuser: place === 0 })));
  for (const action of [...opening, ...actions]) if (action !== null) await play(run, action);
  run.comparesHidden = false;
  await Promise.all([...everything(run), ...lateRepeats(run)].map((action) => play(run, action)));
}

async function play(run: Run, action: Action): Promise<void> {
  run.coverage.actions += 1;
  switch (action.do) {
    case "open conversation":
      await openConversation(run, action);
      break;
    case "set participants":
      await setParticipants(run, action);
      break;
    case "delete conversation":
      await deleteConversation(run, action);
      break;
    case "make admin":
      await promote(run, action);
      break;
    case "send":
      await send(run, action);
      break;
    case "change message":
      await changeMessage(run, action);
      break;
    case "delete message":
      await deleteMessage(run, action);
      break;
    case "deactivate":
    case "activate":
    case "delete user":
    case "make user anew":
      await changeAccount(run, action);
      break;
    case "change password":
      await changePassword(run, action);
      break;
    case "log in":
      await logIn(run, action);
      break;
    case "log out":
      await logOut(run, action);
      break;
    case "refresh":
    case "blacklist":
    case "verify":
      await useToken(run, action);
      break;
    case "visit":
      await visit(run, action);
      break;
    case "list conversations":
      await listConversations(run, action);
      break;
    case "read conversation":
      await readConversation(run, action);
      break;
    case "list messages":
      await listMessages(run, action);
      break;
    case "read position":
      await readPosition(run, action);
      break;
    case "read message":
      await readMessage(run, action);
      break;
    case "describe":
      await describe(run, action);
      break;
    case "use an unserved method":
      await useUnservedMethod(run, action);
      break;
  }
}
