/**
 * Following a job: reads what is new in rounds until the job is final and every row is here.
 *
 * A round reads the new rows and then some pages that still hold unread profiles. Rounds come quickly while
 * things change and slowly while they don't; a hidden tab reads nothing; a lost connection is tried again
 * for ever, and said.
 */

import type { Api, CreatorRecord, FinalStatus, JobDetail, JobStatus, Problem, StatusAnswer } from "./api.ts";
import { Refused } from "./api.ts";
import { beginning, merge, nextUnsettled } from "./rows.ts";

const ROUND_MS_MIN = 500;
const ROUND_MS_MAX = 2_000;
const ROUND_GROWTH = 1.4;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;

/** Pages with unread profiles that one round reads again; the rest wait for the next. */
const PAGES_AGAIN_MAX = 2;

const FINAL: readonly JobStatus[] = ["completed", "partial", "error", "cancelled"];

export function isFinal(status: JobStatus): status is FinalStatus {
  return FINAL.includes(status);
}

/** A job as far as it is known. */
export interface Followed {
  status: StatusAnswer | null;
  job: JobDetail | null;
  rows: readonly CreatorRecord[];
  /** Why nothing is heard at the moment; null while all is well. */
  trouble: { detail: string; retryMs: number } | null;
  /** Why the job can't be shown at all, such as that there is none. */
  refusal: Problem | null;
  /** Whether the job is final and every row is here. */
  done: boolean;
}

export const NOTHING_YET: Followed = { status: null, job: null, rows: [], trouble: null, refusal: null, done: false };

/** The page's time, so that tests need none. */
export interface Pace {
  /** Resolves after a time, or at once when the follower is told to hurry or stop. */
  sleep(milliseconds: number, cut: AbortSignal): Promise<void>;
  /** Resolves as soon as someone can see the page. */
  visible(stop: AbortSignal): Promise<void>;
}

export class Follower {
  #state: Followed = NOTHING_YET;
  #stop = new AbortController();
  #nap = new AbortController();
  #roundMs = ROUND_MS_MIN;
  #retryMs = RETRY_MS_MIN;
  /** Where the next round goes on looking for unread profiles. */
  #again = 0;
  /** Whether the last round left nothing unread, so that an unchanged version means nothing to do. */
  #caughtUp = false;

  readonly #api: Api;
  readonly #jobId: string;
  readonly #pace: Pace;
  readonly #publish: (state: Followed) => void;

  constructor(api: Api, jobId: string, pace: Pace, publish: (state: Followed) => void) {
    this.#api = api;
    this.#jobId = jobId;
    this.#pace = pace;
    this.#publish = publish;
  }

  /** Follows until the job is done, refused or `stop` is called. */
  async run(): Promise<void> {
    while (!this.#over) {
      await this.#pace.visible(this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      const waitMs = await this.#roundOrTrouble();
      if (!this.#over) await this.#sleep(waitMs);
    }
  }

  /** Reads at once instead of at the end of the wait, as when the network is back. */
  hurry(): void {
    this.#nap.abort();
  }

  stop(): void {
    this.#stop.abort();
    this.#nap.abort();
  }

  get #over(): boolean {
    return this.#state.done || this.#state.refusal !== null || this.#stop.signal.aborted;
  }

  async #sleep(milliseconds: number): Promise<void> {
    this.#nap = new AbortController();
    await this.#pace.sleep(milliseconds, this.#nap.signal);
  }

  /** One round; tells how long to wait for the next. */
  async #roundOrTrouble(): Promise<number> {
    try {
      const changed = await this.#round();
      this.#retryMs = RETRY_MS_MIN;
      this.#roundMs = changed ? ROUND_MS_MIN : Math.min(this.#roundMs * ROUND_GROWTH, ROUND_MS_MAX);
      return this.#roundMs;
    } catch (error) {
      return this.#troubled(error);
    }
  }

  #troubled(error: unknown): number {
    if (error instanceof Refused && !error.passing) {
      this.#set({ refusal: error.problem, trouble: null });
      return 0;
    }
    const asked = error instanceof Refused ? error.retryAfterMs : null;
    const retryMs = asked ?? this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
    this.#caughtUp = false;
    this.#set({ trouble: { detail: error instanceof Error ? error.message : String(error), retryMs } });
    return retryMs;
  }

  /** Reads what is new; tells whether anything was. */
  async #round(): Promise<boolean> {
    const before = this.#state.status;
    const start = beginning(this.#state.rows);
    const answer = await this.#read(start);
    // The round's first answer decides: rows read before a job was seen to be final may have changed since.
    const final = isFinal(answer.status);
    if (!final && before?.version === answer.version && this.#caughtUp) return false;
    await this.#readOnwards(answer);
    await this.#readAgain(start.offset, final);
    await this.#readKeywords();
    if (final) this.#set({ done: true });
    return true;
  }

  async #read(reading: { offset: number; limit: number }): Promise<StatusAnswer> {
    const answer = await this.#api.status(this.#jobId, reading);
    const page = answer.results.flatMap((result) => result.creators);
    this.#set({ status: answer, rows: merge(this.#state.rows, reading.offset, page), trouble: null });
    return answer;
  }

  /** Reads until the last row that the job has; each page is shown as it comes. */
  async #readOnwards(answer: StatusAnswer): Promise<void> {
    let { total } = answer.pagination;
    while (this.#state.rows.length < total && !this.#stop.signal.aborted) {
      const known = this.#state.rows.length;
      const { pagination } = await this.#read({ offset: known, limit: beginning([]).limit });
      if (this.#state.rows.length === known) return;
      total = pagination.total;
    }
  }

  /** Reads pages with unread profiles again: some of them, and all of them once the job is final. */
  async #readAgain(before: number, final: boolean): Promise<void> {
    let offset = final ? 0 : this.#again;
    for (let pages = 0; final || pages < PAGES_AGAIN_MAX; pages += 1) {
      const reading = nextUnsettled(this.#state.rows, offset, before);
      if (reading === null || this.#stop.signal.aborted) break;
      await this.#read(reading);
      offset = reading.offset + reading.limit;
    }
    this.#caughtUp = nextUnsettled(this.#state.rows, offset, before) === null;
    this.#again = this.#caughtUp ? 0 : offset;
  }

  async #readKeywords(): Promise<void> {
    this.#set({ job: await this.#api.job(this.#jobId) });
  }

  #set(change: Partial<Followed>): void {
    if (this.#stop.signal.aborted) return;
    this.#state = { ...this.#state, ...change };
    this.#publish(this.#state);
  }
}
