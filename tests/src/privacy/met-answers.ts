/** What the histories must meet at least once, or they are too tame to show anything. */
const CONVERSATION = "/api/conversations/:conversation_id/";
const WITHIN = "/api/conversations/:conversation_id/messages/";
const NESTED = "/api/conversations/:conversation_id/messages/:message_id/";
const MESSAGE = "/api/messages/:message_id/";

const met = (methods: string, path: string, ...statuses: number[]) =>
  methods.split(" ").flatMap((method) => statuses.map((status) => `${method} ${path} ${status}`));

export const MET_ANSWERS: readonly string[] = [
  ...met("GET OPTIONS", "/api/", 200, 401),
  ...met("GET", "/api/conversations/", 200, 401, 404),
  ...met("POST", "/api/conversations/", 201, 400, 401, 403),
  ...met("GET", CONVERSATION, 200, 401, 404),
  ...met("HEAD", CONVERSATION, 200, 404),
  ...met("PUT PATCH", CONVERSATION, 200, 400, 401, 403, 404),
  ...met("DELETE", CONVERSATION, 204, 401, 403, 404),
  ...met("OPTIONS", CONVERSATION, 200, 401),
  ...met("GET", "/api/messages/", 200, 401, 404),
  ...met("POST", "/api/messages/", 201, 400, 401, 403, 409),
  ...met("GET", WITHIN, 200, 401, 404),
  ...met("HEAD", WITHIN, 200, 404),
  ...met("POST", WITHIN, 201, 400, 401, 403, 404, 409),
  ...[MESSAGE, NESTED].flatMap((path) => [
    ...met("GET", path, 200, 401, 404),
    ...met("HEAD", path, 200, 404),
    ...met("PUT PATCH", path, 200, 400, 401, 403, 404),
    ...met("DELETE", path, 204, 401, 403, 404),
    ...met("OPTIONS", path, 200, 401),
  ]),
  ...met("POST", CONVERSATION, 405),
  ...met("POST", "/api/token/", 200, 401),
  ...met("POST", "/api/token/refresh/", 200, 401),
  ...met("POST", "/api/token/verify/", 200, 401),
  ...met("POST", "/api/token/blacklist/", 200, 401),
  ...met("POST", "/api-auth/login/", 200, 302),
  ...met("GET POST", "/api-auth/logout/", 200),
];
