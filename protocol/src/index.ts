export * from "./conversation.ts";
export * from "./error.ts";
export * from "./message.ts";
export type { Metadata } from "./metadata.ts";
export * from "./page.ts";
export * from "./root.ts";
export * from "./token.ts";
export * from "./user.ts";
