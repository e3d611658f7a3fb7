/** What `OPTIONS` says of a member, in the words of Django REST framework (contract: the OPTIONS exchanges). */
export interface Metadata {
  readonly type: "string" | "email" | "choice" | "datetime" | "integer" | "field" | "nested object";
  readonly required: boolean;
  readonly read_only: boolean;
  readonly label?: string;
  readonly help_text?: string;
  readonly max_length?: number;
  readonly choices?: readonly { readonly value: string; readonly display_name: string }[];
}

type Details = Pick<Metadata, "label" | "help_text" | "max_length" | "choices">;

/** A member that only the server writes. */
export const readOnly = (type: Metadata["type"]) => ({ metadata: { type, required: false, read_only: true } });

/** A member that a request must carry. */
export const required = (type: Metadata["type"], details: Details = {}) => ({
  metadata: { type, required: true, read_only: false, ...details },
});

/** A member that a request may carry. */
export const optional = (type: Metadata["type"], details: Details = {}) => ({
  metadata: { type, required: false, read_only: false, ...details },
});
