import type { Command } from './command.ts';

export type { Command, Context, Output } from './command.ts';
export { at } from './command.ts';

/** Exit codes: 0 done, 1 some tasks failed, 2 usage or a bad sweep file, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

type Entry = {
  /** its positionals, as yargs writes them */
  words?: string;
  describe: string;
  /** loads the command, which the help, the version and the completion of names do without */
  load(): Promise<Command>;
};

/** All commands by name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  run: {
    words: '<sweep>',
    describe: 'run a sweep; a second time, or after any interruption, only what is missing',
    load: async () => (await import('./run.ts')).command,
  },
  expand: {
    words: '<sweep>',
    describe: 'the cells and the number of tasks, without running',
    load: async () => (await import('./expand.ts')).command,
  },
  status: {
    words: '[targets..]',
    describe: 'how much of a sweep is done; with --nats, of all sweeps on the server, and the nodes',
    load: async () => (await import('./status.ts')).command,
  },
  worker: {
    describe: 'a worker node: computes the tasks of all sweeps on a nats-server',
    load: async () => (await import('./worker.ts')).command,
  },
  server: {
    describe: 'start the nats-server on PATH with the right settings, on loopback unless told otherwise',
    load: async () => (await import('./server.ts')).command,
  },
  pause: {
    words: '<sweep>',
    describe: 'no node takes further tasks of the sweep, until `resume`; those under way are finished',
    load: async () => (await import('./sweep-state.ts')).pause,
  },
  resume: {
    words: '<sweep>',
    describe: 'nodes take tasks of the paused sweep again',
    load: async () => (await import('./sweep-state.ts')).resume,
  },
  cancel: {
    words: '<sweep>',
    describe: 'takes the tasks of the sweep off the server; results stay, and `run` continues from them',
    load: async () => (await import('./sweep-state.ts')).cancel,
  },
  retry: {
    words: '<sweep>',
    describe: 'forget why tasks were set aside, so that the next `run` with --nats tries them again',
    load: async () => (await import('./retry.ts')).command,
  },
  why: {
    words: '<task>',
    describe: 'the text of a task, what was recorded, on which node, how often it was tried',
    load: async () => (await import('./why.ts')).command,
  },
  doctor: {
    describe: 'what this machine and a nats-server have and lack, and what is not guaranteed',
    load: async () => (await import('./doctor.ts')).command,
  },
  table: {
    words: '<directories..>',
    describe: 'tables of sweep directories, partial ones too',
    load: async () => (await import('./table.ts')).command,
  },
  plot: {
    words: '<directories..>',
    describe: 'a figure of one or more sweep directories, partial ones too; prints the files',
    load: async () => (await import('./plot.ts')).command,
  },
  gallery: {
    words: '<directories..>',
    describe: 'one HTML page with the tables, figures, parameters and provenance of sweep directories',
    load: async () => (await import('./gallery.ts')).command,
  },
  tasks: {
    words: '<directory>',
    describe: 'one line per task: state, cell, result, seconds, node',
    load: async () => (await import('./tasks.ts')).command,
  },
  export: {
    words: '<directory>',
    describe: 'one row per recorded run, as CSV or Parquet, with every key, setting and result as a column',
    load: async () => (await import('./export.ts')).command,
  },
  diff: {
    words: '<a> <b>',
    describe: 'compare two sweep directories cell by cell: difference, ratio and Welch confidence interval',
    load: async () => (await import('./diff.ts')).command,
  },
  verify: {
    words: '<directory>',
    describe: 'compute recorded tasks again and compare the bytes',
    load: async () => (await import('./verify.ts')).command,
  },
  repair: {
    words: '<directory>',
    describe: 'move damaged lines and series of a sweep directory aside; the next run computes their tasks again',
    load: async () => (await import('./repair.ts')).command,
  },
  crosscheck: {
    words: '<sweep>',
    describe: 'compute tasks of a sweep on two engines and compare rungs and losses',
    load: async () => (await import('./crosscheck.ts')).command,
  },
  data: {
    words: '<action> [name]',
    describe: 'data sets of images: list, fetch NAME, check [NAME], push NAME (to the nodes of a nats-server)',
    load: async () => (await import('./data.ts')).command,
  },
  dump: {
    words: '<sweep>',
    describe: 'write one trial or training as .npy files, for checking elsewhere; prints the folder',
    load: async () => (await import('./dump.ts')).command,
  },
  schema: {
    describe: 'JSON Schema of sweep files, for editors',
    load: async () => (await import('./schema.ts')).command,
  },
};
