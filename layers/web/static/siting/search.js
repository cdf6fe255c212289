// @ts-check
// A search for sites: a job of the service that is started, followed to its end, and cancelled.

import { make, smallButton } from "../core/elements.js";
import { lang } from "../core/settings.js";
import * as source from "../core/source.js";
import { NONE, translate, whole } from "../core/words.js";

const POLL_MS = 500;

/** Where a search stands, for whoever listens; and its seconds, which would be read out again and again. */
const live = make("span");
const clock = make("span.clock");
live.setAttribute("role", "status");
clock.setAttribute("aria-hidden", "true");

let latest = 0;

/** Begin a new search, or none: what runs still is no longer followed. */
export const nextTurn = () => (latest += 1);

/** @param {number} turn */
export const isLatest = (turn) => turn === latest;

/**
 * Write the state of the search.
 *
 * @param {HTMLElement} place
 * @param {string} text
 * @param {...Node} more
 */
export const writeState = (place, text, ...more) => {
  // A text that stays is not read out again.
  if (live.textContent !== text) live.textContent = text;
  place.replaceChildren(make("p.siting-status", live, ...more));
};

/**
 * Return where a job stands.
 *
 * @param {Job} job
 * @param {boolean} isCancelled
 */
export const progressText = (job, isCancelled) => {
  if (isCancelled) return translate("siting_calling_off");
  if (job.status === "waiting") return translate("siting_waiting");
  if (job.objective == null) return translate("siting_preparing");
  const amount = (/** @type {number} */ value) => whole(Math.abs(value));
  const bound = job.bound == null ? NONE : amount(job.bound);
  return translate("siting_running", { best: amount(job.objective), bound });
};

/**
 * Start a job and follow it to its end.
 *
 * @param {Study} study
 * @param {SitingRequest} body
 * @param {object} options
 * @param {number} options.turn
 * @param {HTMLElement} options.place of the state
 * @param {(job: Job, isCancelled: boolean) => string} options.text of the state
 * @returns {Promise<Job | null>} null where another search has begun since
 */
export const search = async (study, body, { turn, place, text }) => {
  const began = Date.now();
  let job = await source.siting.start(study, lang, body);
  let isCancelled = false;
  const cancel = smallButton(translate("siting_cancel"), null, () => {
    isCancelled = true;
    cancel.disabled = true;
    // What fails here shows in the job's own state.
    source.siting.cancel(job.job_id).catch(() => {});
  });
  writeState(place, text(job, isCancelled), clock, cancel);
  while (job.status === "waiting" || job.status === "running") {
    const seconds = Math.round((Date.now() - began) / 1000);
    clock.textContent = translate("siting_seconds", { seconds });
    live.textContent = text(job, isCancelled);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (!isLatest(turn)) return null;
    job = await source.siting.state(job.job_id);
  }
  const isComplete = job.proposal || job.status === "cancelled";
  const ended = isComplete ? job : await source.siting.state(job.job_id);
  return isLatest(turn) ? ended : null;
};
