// Ask the analysis without ever holding up the page: in a worker, or in short slices beside it.

import { createAnalysis, KINDS } from "./questions.js";

// A worker may think for longer than the page, which must answer a hand within a frame.
const WORKER_SLICE_MS = 25;
const PAGE_SLICE_MS = 8;
// A worker that has not spoken by then was refused silently.
const PATIENCE_MS = 3000;

/**
 * Answer the requests that reach `scope` (a worker's own, or a stand-in): one task at a time, the
 * quickest kind first, in slices; a newer request of a channel puts an older one aside. Returns
 * what drops every task.
 */
export function serveAnalysis(scope, analysis, { slice = WORKER_SLICE_MS } = {}) {
  const active = new Map();
  let waking = false;

  function wake() {
    if (waking || !active.size) return;
    waking = true;
    setTimeout(() => {
      waking = false;
      work();
      wake();
    }, 0);
  }

  function next() {
    return [...active.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))[0];
  }

  function work() {
    const job = next();
    if (!job) return;
    const until = performance.now() + slice;
    try {
      job.task ??= analysis.start(job.kind, job.request);
      do {
        const { done, value } = job.task.next();
        if (done) {
          active.delete(job.channel);
          scope.postMessage({ id: job.id, type: "result", value });
          return;
        }
        if (value?.partial) scope.postMessage({ id: job.id, type: "partial", value: value.partial });
        else if (value) job.progress = value;
      } while (performance.now() < until);
      if (job.progress) scope.postMessage({ id: job.id, type: "progress", value: job.progress });
      job.progress = null;
    } catch (error) {
      active.delete(job.channel);
      const { message, code = "failed", details } = error;
      scope.postMessage({ id: job.id, type: "error", value: { message, code, details } });
    }
  }

  scope.onmessage = ({ data }) => {
    if (data.type === "places") {
      analysis.learn(data.places);
      return;
    }
    const older = active.get(data.channel);
    if (older) scope.postMessage({ id: older.id, type: "stale" });
    active.delete(data.channel);
    if (data.type === "ask") active.set(data.channel, { ...data });
    wake();
  };
  scope.postMessage({ type: "ready" });
  return () => active.clear();
}

/** Begin to answer in a worker; `core` is the economy, the draws and the joined modules. */
export function startWorker(core) {
  const analysis = core.module_analysis_questions.createAnalysis(core.carelabEconomy, core.carelabUncertainty);
  core.module_analysis_worker.serveAnalysis(self, analysis);
}

/** What the text of a script becomes that a worker can be started from, also from file://. */
export function blobWorker(sourceText) {
  const address = URL.createObjectURL(new Blob([sourceText], { type: "text/javascript" }));
  try {
    return new Worker(address);
  } finally {
    // Started or refused, the text was read or never will be.
    setTimeout(() => URL.revokeObjectURL(address), 10 * PATIENCE_MS);
  }
}

/** A stand-in for a worker, on the page's own thread. */
function besideThePage(analysis) {
  const port = { onmessage: null };
  const scope = {
    onmessage: null,
    postMessage: (data) => setTimeout(() => port.onmessage?.({ data }), 0),
  };
  port.terminate = serveAnalysis(scope, analysis, { slice: PAGE_SLICE_MS });
  port.postMessage = (data) => scope.onmessage({ data });
  return port;
}

/**
 * A client of the analysis; nothing is started before the first request. Each of `explain`,
 * `shapley`, `fan` and `respond` takes a request and `{progress, partial}` and promises the answer,
 * or null when a newer request of the same kind took its place. `loadPlaces()` promises the stored
 * places; it is called before the first range that needs them. `share()` gives the same client
 * with places of its own, so that two labs do not put each other's requests aside.
 */
export function createAnalyst(sourceText, economy, uncertainty, { start = blobWorker, loadPlaces } = {}) {
  const open = new Map();
  const turns = new Map();
  let places = null;
  let loading = null;
  let port = null;
  let mode = "idle";
  let last = 0;
  let shares = 0;
  let patience = null;

  function receive({ data }) {
    if (data.type === "ready") {
      if (mode === "starting") mode = "worker";
      clearTimeout(patience);
      return;
    }
    const job = open.get(data.id);
    if (!job) return;
    if (data.type === "progress" || data.type === "partial") {
      job[data.type]?.(data.value);
      return;
    }
    open.delete(data.id);
    if (data.type === "result") job.resolve(data.value);
    else if (data.type === "stale") job.resolve(null);
    else job.reject(Object.assign(new Error(data.value.message), data.value));
  }

  function fallBack() {
    if (mode === "page" || mode === "closed") return;
    clearTimeout(patience);
    port?.terminate?.();
    mode = "page";
    port = besideThePage(createAnalysis(economy, uncertainty));
    port.onmessage = receive;
    tell();
    for (const { message } of open.values()) port.postMessage(message);
  }

  function begin() {
    mode = "starting";
    try {
      port = start(sourceText);
      port.onmessage = receive;
      port.onerror = (event) => {
        event.preventDefault?.();
        fallBack();
      };
      patience = setTimeout(() => mode === "starting" && fallBack(), PATIENCE_MS);
    } catch {
      fallBack();
    }
  }

  function tell() {
    if (places) port?.postMessage({ type: "places", places });
  }

  /** Load the stored places before the first range that needs them; a failure may be tried again. */
  async function load() {
    loading ??= loadPlaces();
    try {
      const found = await loading;
      if (places) return;
      places = found;
      tell();
    } catch (error) {
      loading = null;
      throw error;
    }
  }

  async function askRange(request, on, share) {
    const needed = !places && loadPlaces && uncertainty.stored?.includes(request.context);
    if (!needed || mode === "closed") return ask("fan", request, on, share);
    const turn = (turns.get(share) ?? 0) + 1;
    turns.set(share, turn);
    await load();
    // Put aside meanwhile, by a newer request or by hand.
    return turns.get(share) === turn ? ask("fan", request, on, share) : null;
  }

  function ask(kind, request, { progress, partial } = {}, share = 0) {
    if (mode === "closed") return Promise.resolve(null);
    if (mode === "idle") {
      begin();
      tell();
    }
    last += 1;
    const message = { type: "ask", id: last, kind, channel: `${kind}/${share}`, request };
    return new Promise((resolve, reject) => {
      open.set(message.id, { message, progress, partial, resolve, reject });
      port.postMessage(message);
    });
  }

  function clientOf(share) {
    const asks = KINDS.map((kind) => [
      kind,
      (request, on) => (kind === "fan" ? askRange(request, on, share) : ask(kind, request, on, share)),
    ]);
    return {
      ...Object.fromEntries(asks),
      /** Put what was asked aside: its promise gives null. */
      cancel(kind) {
        if (kind === "fan") turns.set(share, (turns.get(share) ?? 0) + 1);
        port?.postMessage({ type: "cancel", channel: `${kind}/${share}` });
      },
      mode: () => mode,
      share() {
        shares += 1;
        return clientOf(shares);
      },
    };
  }

  return {
    ...clientOf(0),
    /** End the worker, for every share; open requests give null. */
    close() {
      clearTimeout(patience);
      mode = "closed";
      port?.terminate();
      for (const { resolve } of open.values()) resolve(null);
      open.clear();
    },
  };
}
