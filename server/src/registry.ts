import type { Context } from "./context.ts";
import { conversationResources } from "./conversations/routes.ts";
import type { Registry } from "./http/registry.ts";
import { csrfCookieOf } from "./http/csrf.ts";
import { messageResources } from "./messages/routes.ts";
import { apiRootResource } from "./pages/api-root.ts";
import { homePage } from "./pages/home.ts";
import { sessionPages } from "./sessions/pages.ts";
import { tokenResources } from "./tokens/routes.ts";
import { VERSION } from "./version.ts";

/** Everything the server serves, in one list. */
export function createRegistry(context: Context): Registry {
  const { authentication, config, clock } = context;
  return {
    resources: [
      apiRootResource(authentication),
      ...tokenResources(context.tokens, config.jwt),
      ...conversationResources({
        authentication,
        conversations: context.conversations,
        list: context.conversationList,
      }),
      ...messageResources({ authentication, messages: context.messages, lists: context.messageLists }),
    ],
    pages: [
      homePage(VERSION),
      ...sessionPages({
        login: context.login,
        sessions: context.sessions,
        settings: config.session,
        csrfCookie: csrfCookieOf(config.session, clock),
        clock,
      }),
    ],
  };
}
