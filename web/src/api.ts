/**
 * Scout's API as the page uses it: the shapes of its answers and the five calls.
 *
 * Nothing else in the page knows an address, a header or how a refusal looks on the wire.
 */

/** A platform that an installed adapter declares. */
export interface Platform {
  platform: string;
  label: string;
  version: string;
  reportsViews: boolean;
  ready: boolean;
  missingSecrets: string[];
}

/** What `POST /api/v2/dispatch` takes; absent fields are left to the API's defaults. */
export interface SearchRequest {
  platform?: string | undefined;
  keywords: string[];
  targetResults?: number | undefined;
  enableExpansion: boolean;
  minViews?: number | undefined;
}

export interface Accepted {
  jobId: string;
}

export type JobStatus = "pending" | "dispatching" | "searching" | "enriching" | FinalStatus;
export type FinalStatus = "completed" | "partial" | "error" | "cancelled";

export interface Progress {
  keywordsDispatched: number;
  keywordsCompleted: number;
  keywordsFailed: number;
  creatorsFound: number;
  creatorsEnriched: number;
  percentComplete: number;
}

/** One creator as stored and returned. Unknown is null or absent, never 0 or "". */
export interface CreatorRecord {
  mergeKey: string;
  keyword: string;
  creator: {
    username: string;
    name: string | null;
    followers: number | null;
    bio: string | null;
    emails: string[];
    verified: boolean | null;
    profileUrl: string | null;
  };
  content: { url: string | null } | null;
  enrichment: { outcome: "pending" | "enriched" | "empty" | "failed" | "skipped"; reason?: string };
}

/** Why something failed: a stable name and a sentence. */
export interface Failure {
  reason: string;
  detail: string;
}

/** Why fewer were found than asked for; the reason is `keywords_exhausted` where nothing went wrong. */
export interface Shortfall extends Failure {
  missing: number;
}

export interface StatusAnswer {
  status: JobStatus;
  /** Absent unless the job failed or was stopped. */
  error?: Failure;
  /** Absent while the job runs. */
  shortfall?: Shortfall;
  /** Another number whenever anything changed. */
  version: number;
  progress: Progress;
  results: { creators: CreatorRecord[] }[];
  pagination: { total: number };
  targetResults: number;
  platform: string;
  benchmark: { totalDurationMs: number; apiCalls: number };
  /** What callers should know besides, such as that keywords were derived by rules. */
  notes: string[];
}

export type KeywordOutcome =
  | { kind: "ok"; creators: number }
  | { kind: "empty" }
  | ({ kind: "failed" } & Failure)
  | { kind: "skipped"; reason: string };

/** One keyword of a job; the outcome is null until it has one. */
export interface Keyword {
  keyword: string;
  origin: { kind: "given" } | { kind: "derived"; from: string };
  state: "waiting" | "queued" | "searching" | "done";
  outcome: KeywordOutcome | null;
  found: number;
}

export interface JobDetail {
  jobId: string;
  platform: string;
  status: JobStatus;
  targetResults: number;
  keywords: Keyword[];
}

/** A refusal as RFC 9457 tells it, with Scout's code, hint and field errors. */
export interface Problem {
  title?: string;
  status: number;
  code?: string;
  detail?: string;
  hint?: string;
  errors?: FieldError[];
}

export interface FieldError {
  /** JSON pointer into the request, such as `/keywords/3`. */
  pointer: string;
  code?: string;
  detail: string;
  hint?: string;
}

/** The API answered, and its answer was no. */
export class Refused extends Error {
  readonly problem: Problem;
  /** How long the API asks to wait, in milliseconds, where it says so. */
  readonly retryAfterMs: number | null;

  constructor(problem: Problem, retryAfterMs: number | null = null) {
    super(problem.detail ?? problem.title ?? `the API answered ${problem.status}`);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may well succeed later. */
  get passing(): boolean {
    return this.problem.status === 429 || this.problem.status >= 500;
  }
}

/** No answer came: the network, the tab's connection or the server is gone. */
export class Unreachable extends Error {}

/** One call's page of a job's creators. */
export interface Reading {
  offset: number;
  limit: number;
}

export interface Api {
  platforms(): Promise<Platform[]>;
  dispatch(request: SearchRequest, idempotencyKey: string): Promise<Accepted>;
  status(jobId: string, reading: Reading): Promise<StatusAnswer>;
  job(jobId: string): Promise<JobDetail>;
}

/** Where the API accepts the token `local`: on the developer's own machine and nowhere else. */
const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Where a token can be put into the browser by hand: the page has no place to enter one yet. */
const TOKEN = "scout.token";

/** The headers that say who is asking: the token that was set, or everyone's own on the developer's machine. */
export function authorization(hostname: string, token: string | null = null): Record<string, string> {
  const sent = token ?? (LOCAL_HOSTS.includes(hostname) ? "local" : null);
  return sent === null ? {} : { authorization: `Bearer ${sent}` };
}

/** The token that was set, or null; a browser that keeps nothing has none. */
export function keptToken(): string | null {
  try {
    return localStorage.getItem(TOKEN);
  } catch {
    return null;
  }
}

/** The API at the page's own address. */
export function sameOriginApi(hostname: string, send: typeof fetch, token: () => string | null = () => null): Api {
  const call = async <Answer>(path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { accept: "application/json", ...authorization(hostname, token()), ...init.headers };
    return answerOf<Answer>(await reach(send, path, { cache: "no-cache", ...init, headers }));
  };
  const encoded = encodeURIComponent;
  return {
    platforms: async () => (await call<{ platforms: Platform[] }>("/api/v2/platforms")).platforms,
    dispatch: (request, idempotencyKey) =>
      call("/api/v2/dispatch", {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
        body: JSON.stringify(request),
      }),
    status: (jobId, { offset, limit }) => call(`/api/v2/status?jobId=${encoded(jobId)}&limit=${limit}&offset=${offset}`),
    job: (jobId) => call(`/api/v2/jobs/${encoded(jobId)}`),
  };
}

async function reach(send: typeof fetch, path: string, init: RequestInit): Promise<Response> {
  try {
    return await send(path, init);
  } catch (cause) {
    throw new Unreachable("Scout's server can't be reached.", { cause });
  }
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  const body = await bodyOf(response);
  if (response.ok && body !== null) return body as Answer;
  if (response.ok) throw new Unreachable("Scout's server sent an answer that was cut short.");
  throw new Refused(problemOf(response.status, body), retryAfterOf(response));
}

/** The body as an object, or null when it is none: a proxy's HTML page, or an answer cut short. */
async function bodyOf(response: Response): Promise<object | null> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" ? body : null;
  } catch {
    return null;
  }
}

/** What a page can say to somebody who is not signed in; the API speaks of headers. */
const SIGN_IN = { detail: "You are not signed in, or your sign-in has expired.", hint: "Sign in again, then reload this page." };

function problemOf(status: number, body: object | null): Problem {
  return { ...body, ...(status === 401 ? SIGN_IN : {}), status };
}

function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
