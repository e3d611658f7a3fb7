import type { Action } from "./history.ts";
import { takesPart } from "./model.ts";
import { repeatable, whoLeft } from "./picking.ts";
import type { Run } from "./run.ts";

/** Every read by everyone: all lists, by pages too, and every id there ever was. Who is let in nowhere asks for lists only. */
export function everything(run: Run): Action[] {
  const { model, people } = run;
  const left = whoLeft(run);
  return people.flatMap((account, person) => {
    const isLetIn = account.person.state === "active";
    const [conversationsEver, messagesEver] = isLetIn ? [model.conversations, model.messages] : [[], []];
    const shared = { who: { person, by: "token" }, form: "json", spelling: "plain" } as const;
    const conversations = { do: "list conversations", ...shared, ...UNFILTERED_CONVERSATIONS } as const;
    const messages = { do: "list messages", ...shared, isFiltered: false, filters: UNFILTERED_MESSAGES } as const;
    const whole = { page: undefined, page_size: "100" } as const;
    return [
      { ...conversations, ...whole, newest: 2 },
      { ...conversations, page: "2", page_size: "1", newest: 0 },
      { ...messages, within: undefined, ...whole },
      { ...messages, within: undefined, page: "2", page_size: "3" },
      ...(isLetIn ? left.slice(0, 2) : []).flatMap((gone, of) => {
        const participant = model.people.indexOf(gone);
        const filters = { ...UNFILTERED_MESSAGES, participant };
        return [
          { ...conversations, ...whole, newest: 0, search: { for: "left", of, upper: false } } as const,
          { ...messages, within: undefined, ...whole, isFiltered: true, filters },
        ];
      }),
      ...conversationsEver.flatMap((_, conversation) => [
        { do: "read conversation", ...shared, conversation, newest: 2 } as const,
        { ...messages, within: conversation, ...whole },
      ]),
      ...messagesEver.map(
        (_, message) =>
          ({
            do: "read message",
            ...shared,
            message,
            address: message % 2 === 0 ? "top" : "nested",
            elsewhere: null,
          }) as const,
      ),
    ] satisfies Action[];
  });
}

/** Who takes part no more sends again what they sent under a `client_id`: refused as any stranger is, so nothing changes. */
export function lateRepeats(run: Run): Action[] {
  const by = "token" as const;
  return repeatable(run).flatMap(({ conversation, sender }, repeats) => {
    if (takesPart(conversation, sender)) return [];
    const who = { person: "author" as const, by };
    const shared = { do: "send" as const, who, conversation: null, client: undefined, spoofed: false, blank: false };
    return [{ ...shared, repeats, nested: repeats % 2 === 0, sameText: false }];
  });
}

const UNFILTERED_CONVERSATIONS = {
  participant: undefined,
  created_after: undefined,
  created_before: undefined,
  search: undefined,
  ordering: undefined,
} as const;
const UNFILTERED_MESSAGES = {
  conversation: undefined,
  sender: undefined,
  participant: undefined,
  sent_after: undefined,
  sent_before: undefined,
  start_date: undefined,
  end_date: undefined,
  search: undefined,
  ordering: undefined,
} as const;
