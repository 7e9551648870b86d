/** What the page says about a job, in plain words. */

import type { CreatorRecord, JobDetail, JobStatus, Keyword, KeywordOutcome, Platform, StatusAnswer } from "./api.ts";
import { count, counted, duration, sentence } from "./format.ts";

/** What is happening, in two or three words. */
export function headline(status: JobStatus): string {
  const words: Record<JobStatus, string> = {
    pending: "Waiting for its turn",
    dispatching: "Choosing keywords",
    searching: "Searching",
    enriching: "Reading profiles",
    completed: "Completed",
    partial: "Ended with gaps",
    error: "Failed",
    cancelled: "Stopped",
  };
  return words[status] ?? status;
}

/** `12 of 24 keywords searched · 180 of 500 creators found · 120 profiles read` */
export function progressLine({ progress, targetResults }: StatusAnswer, keywords: readonly Keyword[]): string {
  const ended = keywords.filter((keyword) => keyword.outcome !== null).length;
  const dispatched = Math.max(progress.keywordsDispatched, keywords.length);
  return [
    `${count(ended)} of ${counted(dispatched, "keyword")} searched`,
    `${count(progress.creatorsFound)} of ${counted(targetResults, "creator")} found`,
    `${counted(progress.creatorsEnriched, "profile")} read`,
  ].join(" · ");
}

/** The kind of a keyword's line, for its colour, and what it says. */
export function outcomeLine(keyword: Keyword): { tone: "ok" | "empty" | "failed" | "open"; text: string } {
  const { outcome } = keyword;
  if (outcome === null) return { tone: "open", text: openLine(keyword) };
  switch (outcome.kind) {
    case "ok":
      return { tone: "ok", text: `${count(outcome.creators)} found` };
    case "empty":
      return { tone: "empty", text: "nothing found" };
    case "failed":
      return { tone: "failed", text: `failed: ${readable(outcome.reason)}` };
    case "skipped":
      return { tone: "empty", text: `skipped: ${readable(outcome.reason)}` };
  }
}

function openLine({ found, state }: Keyword): string {
  if (found > 0) return `${count(found)} so far`;
  return state === "searching" ? "searching" : "waiting";
}

/** `3 with creators · 1 empty · 1 failed` */
export function outcomeSummary(keywords: readonly Keyword[]): string {
  const of = (kind: KeywordOutcome["kind"]): number => keywords.filter(({ outcome }) => outcome?.kind === kind).length;
  const open = keywords.filter(({ outcome }) => outcome === null).length;
  const parts: [number, string][] = [
    [of("ok"), "with creators"],
    [of("empty"), "with nothing"],
    [of("failed"), "failed"],
    [of("skipped"), "skipped"],
    [open, "to go"],
  ];
  return parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`).join(" · ");
}

interface Reason {
  words: string;
  advice?: string;
}

/** Why keywords, profiles or jobs end early, by the names the API uses. */
const REASONS: Record<string, Reason> = {
  rate_limited: { words: "the platform allowed no more calls", advice: "Wait a few minutes, then search again." },
  unavailable: { words: "the platform could not be reached", advice: "Try again in a few minutes." },
  unauthorized: { words: "the platform refused the credentials", advice: "Check the platform's secret in the server's configuration." },
  out_of_credit: { words: "the provider's credit is used up", advice: "Top up the provider's account, then search again." },
  blocked: { words: "the platform blocked the request", advice: "Try again later, or with other keywords." },
  not_found: { words: "not found" },
  malformed: { words: "the answer could not be read", advice: "The platform may have changed its answers: look for a newer adapter." },
  unsupported: { words: "the platform can't do this" },
  adapter_failed: { words: "the platform's adapter failed", advice: "Tell whoever runs this server: the adapter needs mending." },
  other: { words: "for a reason without a name" },
  lost: { words: "the work was lost several times", advice: "Search again." },
  target_met: { words: "not needed any more" },
  call_budget: { words: "the cap on calls was reached", advice: "Allow more calls to go on." },
  time_budget: { words: "the time was used up", advice: "Ask for fewer creators or use fewer keywords." },
  cancelled: { words: "the search was stopped" },
  keywords_exhausted: { words: "every keyword was searched to its end", advice: "Add keywords, or let Scout find related ones, to get more." },
};

/** A reason in words; one that is not known yet is shown as it is, readable. */
export function reasonWords(reason: string): string {
  return REASONS[reason]?.words ?? readable(reason);
}

/** The API's own name of a reason, for places with little room. */
function readable(reason: string): string {
  return reason.replace(/[_-]+/gu, " ");
}

/** How a job ended and what to do about it. */
export interface Ending {
  tone: "good" | "mixed" | "bad";
  title: string;
  /** What happened, one sentence each. */
  what: string[];
  /** What to do now; empty when nothing needs doing. */
  advice: string[];
}

export function ending(status: StatusAnswer, job: JobDetail | null, rows: readonly CreatorRecord[]): Ending {
  const met = status.progress.creatorsFound >= status.targetResults;
  const gaps = gapsIn(job?.keywords ?? [], rows);
  const what = [...stopLines(status), ...gaps.map(({ text }) => text), ...shortfallLines(status, gaps), ...status.notes.map(sentence), costLine(status)];
  return { tone: toneOf(status.status, met), title: endingTitle(status, met), what: distinct(what), advice: adviceOn(status, met, gaps) };
}

/** Why the job did not go to its end. */
function stopLines({ status, error }: StatusAnswer): string[] {
  if (error !== undefined) return [sentence(`${reasonWords(error.reason)}: ${error.detail}`)];
  return status === "cancelled" ? ["What was found until then is kept."] : [];
}

/** Why there are fewer than asked for, unless what was said before is the reason. */
function shortfallLines({ shortfall, error }: StatusAnswer, gaps: readonly Gap[]): string[] {
  if (shortfall === undefined || shortfall.reason === error?.reason) return [];
  if (shortfall.reason === EXHAUSTED) return ["Every keyword was searched to its end."];
  return gaps.some(({ reason }) => reason === shortfall.reason) ? [] : [sentence(`${reasonWords(shortfall.reason)}: ${shortfall.detail}`)];
}

const EXHAUSTED = "keywords_exhausted";

function endingTitle({ status, progress, targetResults }: StatusAnswer, met: boolean): string {
  if (status === "error") return "The search failed";
  const number = met ? `All ${counted(targetResults, "creator")} found` : `${count(progress.creatorsFound)} of ${counted(targetResults, "creator")} found`;
  if (status === "cancelled") return `Stopped: ${number}`;
  return status === "partial" && met ? `${number}, with gaps` : number;
}

function toneOf(status: JobStatus, met: boolean): Ending["tone"] {
  if (status === "error") return "bad";
  return status === "completed" && met ? "good" : "mixed";
}

function costLine({ benchmark }: StatusAnswer): string {
  return `It took ${duration(benchmark.totalDurationMs)} with ${counted(benchmark.apiCalls, "call")} to the platform.`;
}

interface Gap {
  reason: string;
  text: string;
}

/** What went wrong, counted by reason: first keywords, then profiles. */
function gapsIn(keywords: readonly Keyword[], rows: readonly CreatorRecord[]): Gap[] {
  const failedKeywords = keywords.flatMap(({ outcome }) => (outcome?.kind === "failed" ? [outcome.reason] : []));
  const failedProfiles = rows.flatMap(({ enrichment }) => (enrichment.outcome === "failed" ? [enrichment.reason ?? "other"] : []));
  return [...gapsOf("keyword", "searched", failedKeywords), ...gapsOf("profile", "read", failedProfiles)];
}

function gapsOf(what: string, done: string, reasons: readonly string[]): Gap[] {
  return distinct(reasons).map((reason) => {
    const number = reasons.filter((other) => other === reason).length;
    return { reason, text: `${counted(number, what)} could not be ${done}: ${reasonWords(reason)}.` };
  });
}

function adviceOn({ status, error, shortfall }: StatusAnswer, met: boolean, gaps: readonly Gap[]): string[] {
  if (status === "completed" && met) return [];
  const reasons = [error?.reason, ...gaps.map(({ reason }) => reason), shortfall?.reason].filter((reason) => reason !== undefined);
  const advice = distinct(reasons.flatMap((reason) => REASONS[reason]?.advice ?? []));
  if (advice.length > 0) return advice;
  return status === "error" || (status === "partial" && !met) ? ["Search again; if it ends the same way, tell whoever runs this server."] : [];
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}

/** Why a platform can't be searched yet, with what to do, or null when it is ready. */
export function notReadyReason({ ready, missingSecrets }: Platform): string | null {
  if (ready) return null;
  if (missingSecrets.length === 0) return "not set up on this server";
  return `needs ${missingSecrets.join(" and ")}`;
}
