import type { Command } from './command.ts';

export type { Command, Context, Output } from './command.ts';
export { at } from './command.ts';

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
    describe: 'run a sweep; rerun to resume',
    load: async () => (await import('./run.ts')).command,
  },
  expand: {
    words: '<sweep>',
    describe: 'list the cells and the number of tasks without running',
    load: async () => (await import('./expand.ts')).command,
  },
  status: {
    words: '[targets..]',
    describe: 'show the progress of a sweep; with --nats, of all sweeps and nodes on the server',
    load: async () => (await import('./status.ts')).command,
  },
  worker: {
    describe: 'start a worker node that computes the tasks on a nats-server',
    load: async () => (await import('./worker.ts')).command,
  },
  launch: {
    words: '<hosts>',
    describe: 'start worker nodes on the hosts of a file over ssh, watch them, and stop them with Ctrl-C',
    load: async () => (await import('./launch.ts')).command,
  },
  key: {
    describe: "print the public key with which this machine's nodes sign results, for --trusted-keys",
    load: async () => (await import('./key.ts')).command,
  },
  server: {
    describe: 'start the nats-server on PATH with suitable settings, by default on loopback',
    load: async () => (await import('./server.ts')).command,
  },
  pause: {
    words: '<sweep>',
    describe:
      'pause a run by its directory, or a sweep on a server: tasks in flight finish, no more start until `resume`',
    load: async () => (await import('./sweep-state.ts')).pause,
  },
  resume: {
    words: '<sweep>',
    describe: 'resume a paused run or sweep',
    load: async () => (await import('./sweep-state.ts')).resume,
  },
  drain: {
    words: '<directory>',
    describe: 'end a run by its directory: tasks in flight finish and are recorded; rerun to resume',
    load: async () => (await import('./drain.ts')).command,
  },
  cancel: {
    words: '<sweep>',
    describe: 'remove the tasks of a sweep from the server; results stay, and `run` resumes from them',
    load: async () => (await import('./sweep-state.ts')).cancel,
  },
  retry: {
    words: '<sweep>',
    describe: 'let the next `run` with --nats retry the tasks that were set aside',
    load: async () => (await import('./retry.ts')).command,
  },
  why: {
    words: '<task>',
    describe: 'show a task: its text, what was recorded, on which node, and its attempts',
    load: async () => (await import('./why.ts')).command,
  },
  doctor: {
    describe: 'check this machine and a nats-server: what they have, what they lack, what is not guaranteed',
    load: async () => (await import('./doctor.ts')).command,
  },
  program: {
    words: '<language>',
    describe: 'print the helper with which a program of yours answers tasks: python or node',
    load: async () => (await import('./program.ts')).command,
  },
  table: {
    words: '<directories..>',
    describe: 'print tables of sweep directories, including partial ones',
    load: async () => (await import('./table.ts')).command,
  },
  'first-passage': {
    words: '<directory>',
    describe: 'predict where Algorithm 2 ends from the probabilities of a survival sweep, beside measured runs',
    load: async () => (await import('./first-passage.ts')).command,
  },
  plot: {
    words: '<directories..>',
    describe: 'draw a figure of one or more sweep directories, including partial ones; print the files',
    load: async () => (await import('./plot.ts')).command,
  },
  gallery: {
    words: '<directories..>',
    describe: 'write one HTML page with the tables, figures, parameters and provenance of sweep directories',
    load: async () => (await import('./gallery.ts')).command,
  },
  ui: {
    words: '[directories..]',
    describe: 'serve a live page of sweep directories; with --nats, also of the sweeps and nodes on a server',
    load: async () => (await import('./ui.ts')).command,
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
  merge: {
    words: '<out> <directories..>',
    describe: 'put directories of one sweep, or of shards of it, together in one directory',
    load: async () => (await import('./merge.ts')).command,
  },
  diff: {
    words: '<a> <b>',
    describe: 'compare two sweep directories cell by cell: difference, ratio and Welch confidence interval',
    load: async () => (await import('./diff.ts')).command,
  },
  verify: {
    words: '<directory>',
    describe: 'recompute recorded tasks and compare the bytes',
    load: async () => (await import('./verify.ts')).command,
  },
  repair: {
    words: '<directory>',
    describe: 'move damaged lines and series of a sweep directory aside; the next run recomputes their tasks',
    load: async () => (await import('./repair.ts')).command,
  },
  crosscheck: {
    words: '<sweep>',
    describe: 'compute tasks of a sweep on two engines; compare rungs and losses',
    load: async () => (await import('./crosscheck.ts')).command,
  },
  data: {
    words: '<action> [name]',
    describe: 'manage image data sets: list, fetch NAME, check [NAME], push NAME (to the nodes of a nats-server)',
    load: async () => (await import('./data.ts')).command,
  },
  dump: {
    words: '<sweep>',
    describe: 'write one trial or training as .npy files for independent checks; print the folder',
    load: async () => (await import('./dump.ts')).command,
  },
  list: {
    words: '[folder]',
    describe: 'list the shipped sweeps with their expected work, and sweep directories with their state',
    load: async () => (await import('./list.ts')).command,
  },
  init: {
    words: '<name>',
    describe: 'write a commented sweep file to start from',
    load: async () => (await import('./init.ts')).command,
  },
  completion: {
    words: '<shell>',
    describe: 'print the script with which bash, zsh or fish complete commands, options and values',
    load: async () => (await import('./completion.ts')).command,
  },
  schema: {
    describe: 'print the JSON Schema of sweep files, for editors',
    load: async () => (await import('./schema.ts')).command,
  },
};
