/** Field errors, sorted to the field that shows them by their JSON pointer. */

import type { FieldError, Problem } from "./api.ts";
import { sentence } from "./format.ts";

export const FIELDS = ["platform", "keywords", "targetResults", "enableExpansion", "minViews"] as const;
export type Field = (typeof FIELDS)[number];

export interface Refusal {
  /** What is wrong with each field, as sentences. */
  byField: Partial<Record<Field, string[]>>;
  /** What is wrong with single keywords, by keyword. */
  byKeyword: ReadonlyMap<string, string>;
  /** What belongs to no field. */
  general: string[];
}

export const NO_REFUSAL: Refusal = { byField: {}, byKeyword: new Map(), general: [] };

/** What a refused request shows, and where; `keywords` as they were sent, since pointers name places in them. */
export function refusalOf(problem: Problem, keywords: readonly string[]): Refusal {
  const errors = problem.errors ?? [];
  const refusal: Refusal = { byField: {}, byKeyword: faultsOf(errors, keywords), general: [] };
  for (const error of errors) place(refusal, error);
  if (errors.length === 0) refusal.general = generalTextOf(problem);
  return refusal;
}

/** The first field that has something to say, in the order of the form. */
export function firstField(refusal: Refusal): Field | null {
  return FIELDS.find((field) => refusal.byField[field] !== undefined) ?? null;
}

function faultsOf(errors: readonly FieldError[], keywords: readonly string[]): Map<string, string> {
  const faults = new Map<string, string>();
  for (const { pointer, detail } of errors) {
    const [field, index] = pathOf(pointer);
    const keyword = field === "keywords" && index !== undefined ? keywords[Number(index)] : undefined;
    if (keyword !== undefined) faults.set(keyword, detail);
  }
  return faults;
}

function pathOf(pointer: string): string[] {
  return pointer.replace(/^#/u, "").split("/").slice(1);
}

function place(refusal: Refusal, error: FieldError): void {
  const [first] = pathOf(error.pointer);
  const field = FIELDS.find((name) => name === first);
  const text = textOf(error);
  if (field === undefined) {
    refusal.general.push(text);
    return;
  }
  (refusal.byField[field] ??= []).push(text);
}

function textOf({ detail, hint }: FieldError): string {
  return [detail, hint ?? ""].filter((text) => text !== "").map(sentence).join(" ");
}

function generalTextOf({ title, detail, hint, status }: Problem): string[] {
  const what = detail ?? title ?? `Scout's server answered ${status} and gave no reason.`;
  return [what, hint ?? ""].filter((text) => text !== "").map(sentence);
}
