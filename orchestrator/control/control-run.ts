import { shellWords } from '../shell-words.ts';
import { listenForRequests } from './listen.ts';
import type { RunAction, RunAnswer, RunStanding } from './messages.ts';

/** What decides whether further tasks are started. */
export type Gate = {
  /** tasks that are being computed */
  readonly running: number;
  readonly isPaused: boolean;
  pause(): void;
  resume(): void;
};

export type ControlledRun = {
  directory: string;
  /** undefined: nodes of a server take the tasks */
  gate: Gate | undefined;
  /** `recording`: computed, and on their way to the disk */
  counts(): { done: number; failed: number; total: number; left: number; recording: number };
  isDraining(): boolean;
  drain(): void;
  note(text: string): void;
};

/** Lets others pause, resume and drain a run while it computes. @returns ends it */
export function controlRun(run: ControlledRun): () => void {
  const { directory, gate, note } = run;
  const standing = (): RunStanding => {
    const { done, failed, total, left, recording } = run.counts();
    // in flight until it is recorded: nothing follows a pause without any
    const running = gate === undefined ? 0 : gate.running + recording;
    return {
      state: run.isDraining() ? 'draining' : gate?.isPaused ? 'paused' : 'running',
      canPause: gate !== undefined,
      ...{ done, running, pending: Math.max(0, left - running), failed, total },
    };
  };
  const words = shellWords([directory]);
  const act: Record<RunAction, () => string> = {
    pause() {
      if (run.isDraining()) return 'is ending: there is nothing to pause';
      if (gate === undefined) return 'is computed by nodes: `edgesweep pause` with --nats pauses it on the server';
      if (gate.isPaused) return 'is already paused';
      gate.pause();
      return `paused; tasks in flight are finished; \`edgesweep resume ${words}\` continues`;
    },
    resume() {
      if (run.isDraining()) return 'is ending: rerun to resume';
      if (gate === undefined) return 'is computed by nodes: `edgesweep resume` with --nats continues it on the server';
      if (!gate.isPaused) return 'is already running';
      gate.resume();
      return 'continues';
    },
    drain() {
      if (run.isDraining()) return 'is already ending';
      run.drain();
      return 'tasks in flight are finished, then the run ends; rerun to resume';
    },
  };
  return listenForRequests(directory, ({ action, by }): RunAnswer => {
    const before = standing();
    if (action === 'status') return { message: '', before, after: before };
    const message = act[action]();
    note(`${by}: ${message}`);
    return { message, before, after: standing() };
  });
}
