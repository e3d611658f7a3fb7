import type { Row } from "./statements.ts";

/** Goes through a table's rows one by one, and reads its next page when the one it has is used up. */
export class Cursor {
  #page: readonly Row[] = [];
  #at = 0;
  #isExhausted = false;
  readonly #pages: AsyncGenerator<readonly Row[]>;

  constructor(pages: AsyncGenerator<readonly Row[]>) {
    this.#pages = pages;
  }

  /** The row it stands at, once `fill` was waited for; undefined behind the last. */
  get row(): Row | undefined {
    return this.#page[this.#at];
  }

  /** Whether `row` can only be told after `fill`. */
  get isEmpty(): boolean {
    return !this.#isExhausted && this.#at >= this.#page.length;
  }

  /** Whether there is nothing behind the last row read. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  async fill(): Promise<void> {
    const { done, value } = await this.#pages.next();
    this.#isExhausted = done === true;
    this.#page = done === true ? [] : value;
    this.#at = 0;
  }

  next(): void {
    this.#at += 1;
  }
}
