/** Every exit code of the command line, and what it says. Scripts rely on them. */
export const EXIT_CODES = {
  done: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'something failed while running: tasks, the disk, a comparison; --max-failures' },
  usage: { code: 2, meaning: 'refused: the command line, a file, or the server needs a change' },
  limit: { code: 3, meaning: '--max-time or --max-tasks was reached before the end; rerun to resume' },
  interrupted: { code: 130, meaning: 'interrupted by Ctrl-C or SIGTERM; rerun to resume' },
} as const;

type Exits = { readonly [name in keyof typeof EXIT_CODES]: (typeof EXIT_CODES)[name]['code'] };

/** The codes by name. */
export const EXIT = Object.fromEntries(Object.entries(EXIT_CODES).map(([name, { code }]) => [name, code])) as Exits;
