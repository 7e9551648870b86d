/** Invented answers for the tests, complete as the API sends them. */

import type { CreatorRecord, JobDetail, Keyword, KeywordOutcome, StatusAnswer } from "../api.ts";

export function record(place: number, outcome: CreatorRecord["enrichment"]["outcome"] = "enriched"): CreatorRecord {
  return {
    mergeKey: `sample:${place}`,
    keyword: "yoga",
    creator: { username: `user${place}`, name: `User ${place}`, followers: 10, bio: null, emails: [], verified: null, profileUrl: null },
    content: null,
    enrichment: { outcome },
  };
}

export function records(from: number, end: number, outcome?: CreatorRecord["enrichment"]["outcome"]): CreatorRecord[] {
  return Array.from({ length: end - from }, (_, index) => record(from + index, outcome));
}

export function keyword(name: string, outcome: KeywordOutcome | null, found = 0): Keyword {
  return { keyword: name, origin: { kind: "given" }, state: outcome === null ? "waiting" : "done", outcome, found };
}

export function status(change: Partial<StatusAnswer> & { found?: number } = {}): StatusAnswer {
  const { found = 0, ...rest } = change;
  return {
    status: "searching",
    version: 1,
    progress: { keywordsDispatched: 2, keywordsCompleted: 0, keywordsFailed: 0, creatorsFound: found, creatorsEnriched: 0, percentComplete: 10 },
    results: [{ creators: [] }],
    pagination: { total: found },
    targetResults: 100,
    platform: "sample",
    benchmark: { totalDurationMs: 2_000, apiCalls: 1 },
    notes: [],
    ...rest,
  };
}

export function job(keywords: Keyword[] = []): JobDetail {
  return { jobId: "job-1", platform: "sample", status: "searching", targetResults: 100, keywords };
}
