/** One creator as a row of the table shows it. */

import type { CreatorRecord } from "./api.ts";
import { reasonWords } from "./wording.ts";

export interface CreatorRow {
  key: string;
  name: string;
  /** With a leading `@`; null when it would only repeat the name. */
  handle: string | null;
  /** Stands in for a picture: pictures would be requests to other hosts. */
  initial: string;
  /** One of six, always the same for one creator. */
  hue: number;
  verified: boolean;
  link: string | null;
  followers: number | null;
  emails: readonly string[];
  bio: string | null;
  /** Says why there is no bio or e-mail, where there is something to say. */
  note: string | null;
  keyword: string;
}

const HUES = 6;

/** Rows by record: a record never changes, it is replaced, and thousands come by at every reading. */
const made = new WeakMap<CreatorRecord, CreatorRow>();

export function rowsOf(records: readonly CreatorRecord[]): CreatorRow[] {
  return records.map((record) => {
    const row = made.get(record) ?? rowOf(record);
    made.set(record, row);
    return row;
  });
}

export function rowOf(record: CreatorRecord): CreatorRow {
  const { creator, keyword, mergeKey } = record;
  const handle = `@${creator.username}`;
  const name = textIn(creator.name) ?? handle;
  return {
    key: mergeKey,
    name,
    handle: name === handle ? null : handle,
    initial: initialOf(name),
    hue: hueOf(mergeKey),
    verified: creator.verified === true,
    link: webAddress(creator.profileUrl) ?? webAddress(record.content?.url),
    followers: creator.followers,
    emails: creator.emails,
    bio: textIn(creator.bio),
    note: noteOn(record),
    keyword,
  };
}

function noteOn({ enrichment: { outcome, reason } }: CreatorRecord): string | null {
  const why = reason === undefined ? "" : `: ${reasonWords(reason)}`;
  switch (outcome) {
    case "pending":
      return "Profile not read yet";
    case "empty":
      return `No profile${why}`;
    case "failed":
    case "skipped":
      return `Profile not read${why}`;
    case "enriched":
      return null;
  }
}

/** An address that is safe to link to. Creators write these themselves, so nothing but the web is let through. */
export function webAddress(text: string | null | undefined): string | null {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}

function textIn(text: string | null | undefined): string | null {
  const folded = (text ?? "").replace(/\s+/gu, " ").trim();
  return folded === "" ? null : folded;
}

/** The first letter or digit, since names often begin with an emoji. */
function initialOf(name: string): string {
  return (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? "?").toUpperCase();
}

function hueOf(key: string): number {
  let sum = 0;
  for (const character of key) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}
