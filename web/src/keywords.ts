/** Keywords as they are typed and pasted. The API judges them; this says early what it will say. */

export const KEYWORDS_MAX = 50;
export const KEYWORD_CHARS_MIN = 2;
export const KEYWORD_CHARS_MAX = 100;

/** Everything that ends a keyword in typed or pasted text. */
const SEPARATORS = /[,;\n\r\t]+/u;

/** Whether text holds more than one keyword, so that pasting it makes chips. */
export function isList(text: string): boolean {
  return SEPARATORS.test(text.trim());
}

/** The keywords in a text, each in the form the API stores. */
export function split(text: string): string[] {
  return text.split(SEPARATORS).map(fold).filter((keyword) => keyword !== "");
}

/** What a text adds to a list of keywords. */
export interface Added {
  keywords: string[];
  /** Were there already, in this or another case. */
  repeated: string[];
  /** Did not fit under the limit. */
  leftOut: string[];
}

export function add(keywords: readonly string[], text: string): Added {
  const added: Added = { keywords: [...keywords], repeated: [], leftOut: [] };
  const seen = new Set(keywords.map(caseless));
  for (const keyword of split(text)) {
    if (seen.has(caseless(keyword))) added.repeated.push(keyword);
    else if (added.keywords.length >= KEYWORDS_MAX) added.leftOut.push(keyword);
    else added.keywords.push(keyword);
    seen.add(caseless(keyword));
  }
  return added;
}

/** What is wrong with one keyword, or null. */
export function faultOf(keyword: string): string | null {
  const characters = [...keyword].length;
  if (characters < KEYWORD_CHARS_MIN) return `too short: ${KEYWORD_CHARS_MIN} characters at least`;
  if (characters > KEYWORD_CHARS_MAX) return `too long: ${characters} of ${KEYWORD_CHARS_MAX} characters`;
  return null;
}

/** What to say after adding, or null when everything went in. */
export function noteOn({ repeated, leftOut }: Added): string | null {
  if (leftOut.length > 0) return `${KEYWORDS_MAX} keywords at most; left out: ${leftOut.join(", ")}`;
  if (repeated.length > 0) return `Already there: ${repeated.join(", ")}`;
  return null;
}

function fold(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

function caseless(keyword: string): string {
  return keyword.toLowerCase();
}
