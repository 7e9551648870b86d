/**
 * A job's creators as the page holds them. Rows keep their place for ever (the API orders them by a
 * sequence number), so a page read twice updates rows and never moves one.
 */

import type { CreatorRecord, Reading } from "./api.ts";

/** Rows asked for at once: the most that the API gives. */
export const PAGE_ROWS = 500;

/** Whether nothing about a row will change any more. */
export function isSettled({ enrichment }: CreatorRecord): boolean {
  return enrichment.outcome !== "pending";
}

/** The rows after a page was read at `offset`. A page beyond the known rows is ignored: it would leave a gap. */
export function merge(rows: readonly CreatorRecord[], offset: number, page: readonly CreatorRecord[]): CreatorRecord[] {
  const merged = [...rows];
  if (offset > rows.length) return merged;
  page.forEach((record, index) => {
    const known = merged[offset + index];
    if (known === undefined || isSettled(record) || !isSettled(known)) merged[offset + index] = record;
  });
  return merged;
}

/**
 * Where a round of reading begins: at the first new row or, when the oldest unsettled row is near enough
 * to share its page, there, so that one call brings both.
 */
export function beginning(rows: readonly CreatorRecord[]): Reading {
  const unsettled = rows.findIndex((record) => !isSettled(record));
  const near = unsettled >= 0 && rows.length - unsettled <= PAGE_ROWS / 2;
  return { offset: near ? unsettled : rows.length, limit: PAGE_ROWS };
}

/** The next page of `from..before` that holds an unsettled row, or null when there is none. */
export function nextUnsettled(rows: readonly CreatorRecord[], from: number, before: number): Reading | null {
  for (let offset = from; offset < Math.min(before, rows.length); offset += 1) {
    const record = rows[offset];
    if (record !== undefined && !isSettled(record)) return { offset, limit: PAGE_ROWS };
  }
  return null;
}
