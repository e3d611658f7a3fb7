/**
 * Python's notions of white space, digits and words, where JavaScript's differ. The rules for passwords come
 * from Django, and must find the same in the same text.
 */

/** What `str.isspace` takes: unlike `\s`, with U+001C to U+001F and U+0085, and without U+FEFF. */
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

// The lookbehind keeps a long run of spaces inside the text from being scanned once for each of them.
const OUTER_SPACE = new RegExp(`^${SPACE}+|(?<!${SPACE})${SPACE}+$`, "gu");

/** As Python's `str.strip()`. */
export function strip(text: string): string {
  return text.replace(OUTER_SPACE, "");
}

/** The characters of Unicode's Numeric_Type=Digit beyond \p{Nd}: superscripts, circled digits and the like. */
const OTHER_DIGITS =
  "\\xb2\\xb3\\xb9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c\\u2488-\\u2490" +
  "\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\u{10a40}-\\u{10a43}\\u{10e60}-\\u{10e68}" +
  "\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}";

const ALL_DIGITS = new RegExp(`^[\\p{Nd}${OTHER_DIGITS}]+$`, "u");

/** As Python's `str.isdigit()`. */
export function isDigits(text: string): boolean {
  return ALL_DIGITS.test(text);
}

/** As Python's `re.split(r"\W+", text)`: splits at everything but letters, numbers and `_`, marks included. */
export function splitIntoWords(text: string): string[] {
  return text.split(/[^\p{L}\p{N}_]+/u);
}
