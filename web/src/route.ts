/** What the address bar says: the part after `#` names the search that is shown. */

const JOB = /^#\/jobs\/([A-Za-z0-9_-]{1,128})$/;

/** The job that an address names, or null for the form. */
export function jobIn(hash: string): string | null {
  return JOB.exec(hash)?.[1] ?? null;
}

/** The address of a job. */
export function addressOf(jobId: string): string {
  return `#/jobs/${jobId}`;
}
