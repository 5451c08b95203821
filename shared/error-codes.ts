import { EXIT } from './exit-codes.ts';

/** Every error a user can meet, by a stable code: the exit code that it leads to, when it occurs, and what to do about it in general. */
export const ERROR_CODES = {
  SWEEP_INVALID: {
    exit: EXIT.usage,
    when: 'the sweep file breaks its schema, or its keys contradict each other',
    fix: 'correct each place that the error lists; `edgesweep schema` and docs/reference/sweep-files.md have every key',
  },
  SWEEP_NOT_FOUND: {
    exit: EXIT.usage,
    when: 'no sweep file, and no shipped sweep, has this name',
    fix: 'check the path; `edgesweep list` prints the shipped sweeps',
  },
  SWEEP_TOO_LARGE: {
    exit: EXIT.usage,
    when: 'the sweep has more tasks than one sweep may have',
    fix: 'use fewer values or runs, tie keys with `zip`, or split the sweep',
  },
  HOSTS_INVALID: {
    exit: EXIT.usage,
    when: 'the file of hosts for `launch` breaks its schema',
    fix: 'correct each place that the error lists; docs/how-to/ssh.md has every key',
  },
  HOST_FAILED: {
    exit: EXIT.failed,
    when: 'a host of `launch` cannot be reached or cannot run a worker node',
    fix: 'try the same with ssh alone; `edgesweep launch HOSTS --dry-run` prints the command',
  },
  USAGE: {
    exit: EXIT.usage,
    when: 'the command line cannot be understood or contradicts itself',
    fix: 'follow the fix; `edgesweep COMMAND --help` lists the options',
  },
  DIRECTORY_OF_ANOTHER_SWEEP: {
    exit: EXIT.usage,
    when: 'the output directory belongs to a sweep with another name or experiment',
    fix: 'name another directory with `--out`',
  },
  DIRECTORY_LOCKED: {
    exit: EXIT.usage,
    when: 'another process writes to the directory',
    fix: 'wait for it, or stop it; a killed process leaves no lock behind',
  },
  DIRECTORY_NOT_EMPTY: {
    exit: EXIT.usage,
    when: 'the output folder holds files that are not of a sweep or a dump',
    fix: 'name another folder with `--out`, or empty this one',
  },
  DIRECTORY_UNREADABLE: {
    exit: EXIT.usage,
    when: 'there is no sweep directory, or one of its files cannot be read',
    fix: 'check the path and its permissions; `edgesweep run` with the same sweep rewrites the manifest',
  },
  JOURNAL_DAMAGED: {
    exit: EXIT.usage,
    when: 'a line of the journal is not what was written',
    fix: 'run `edgesweep repair DIR`; the next run recomputes the tasks',
  },
  JOURNAL_OTHER_NUMERICS: {
    exit: EXIT.usage,
    when: 'the journal was computed with a different arithmetic',
    fix: 'use another directory with `--out`, or the version of edgesweep that manifest.json names',
  },
  OUTCOMES_DIFFER: {
    exit: EXIT.failed,
    when: 'two computations of one task gave different results',
    fix: 'check the memory of the machines named; `edgesweep verify DIR` finds wrong results',
  },
  DISK: {
    exit: EXIT.failed,
    when: 'a file or the output cannot be written',
    fix: 'free space or change permissions, then rerun to resume',
  },
  NETWORK_TOO_LARGE: {
    exit: EXIT.usage,
    when: 'a network and its data exceed the memory of the engine',
    fix: 'use a smaller network, fewer examples, or `--engine reference`',
  },
  ENGINE_MISSING: {
    exit: EXIT.usage,
    when: 'this machine lacks the engine that was asked for',
    fix: 'install what the fix names, or use `--engine auto`; `edgesweep doctor` lists the engines',
  },
  DATA_MISSING: {
    exit: EXIT.usage,
    when: 'an image data set is not on this machine',
    fix: 'run `edgesweep data fetch NAME`, or name its folder with `--data-dir`',
  },
  DATA_DAMAGED: {
    exit: EXIT.usage,
    when: 'a file of a data set is torn, or is not of its format',
    fix: 'fetch the data set again; `edgesweep data check` reads every byte',
  },
  DATA_DIFFERS: {
    exit: EXIT.usage,
    when: 'the files are not those that the sweep names by their digest',
    fix: 'fetch the published files, or set `digest` in the sweep file',
  },
  DATA_TOO_FEW: {
    exit: EXIT.usage,
    when: 'the data set has fewer examples than the sweep asks for',
    fix: 'lower `examples`, or keep more classes',
  },
  DATA_UNREADABLE: {
    exit: EXIT.usage,
    when: 'a file or folder of a data set cannot be opened',
    fix: 'change its permissions, or name another folder with `--data-dir`',
  },
  DATA_UNREACHABLE: {
    exit: EXIT.usage,
    when: 'no source of a data set answers',
    fix: 'check the network, or use `--from` with a folder, an address or `npm`',
  },
  PROGRAM_MISSING: {
    exit: EXIT.usage,
    when: 'the program of a sweep is not there or cannot be executed',
    fix: 'correct `program.command`, or install the program',
  },
  PROGRAM_DIFFERS: {
    exit: EXIT.usage,
    when: 'files of a program changed while its sweep ran',
    fix: 'rerun the sweep: tasks of changed files are new tasks',
  },
  PROGRAM_FAILED: {
    exit: EXIT.failed,
    when: 'a program ended with an error or gave an answer that cannot be used',
    fix: 'read the end of its log, which the error names; correct the program and rerun',
  },
  PROGRAM_TIMEOUT: {
    exit: EXIT.failed,
    when: 'a program took longer than `program.timeout`',
    fix: 'raise the timeout, or make the task shorter',
  },
  PROGRAM_MEMORY: {
    exit: EXIT.failed,
    when: 'a program took more memory than `program.memory`',
    fix: 'raise the limit, or use fewer slots',
  },
  CHECKPOINT_OTHER_VERSION: {
    exit: EXIT.usage,
    when: 'a checkpoint was written by another version of edgesweep',
    fix: 'remove the file to restart the task, or continue with that version',
  },
  SERIES_DAMAGED: {
    exit: EXIT.usage,
    when: 'the series of a task is missing or is not what its result says',
    fix: 'run `edgesweep repair DIR`; the next run recomputes it',
  },
  TASK_FAILED: {
    exit: EXIT.failed,
    when: 'one or more tasks failed after all attempts',
    fix: '`edgesweep why TASK` shows the attempts; rerun to retry, with a server after `edgesweep retry SWEEP --failed`',
  },
  NATS_UNREACHABLE: {
    exit: EXIT.usage,
    when: 'no nats-server answers at the address',
    fix: 'start it, or correct `--nats`; `edgesweep doctor --nats ...` checks it',
  },
  NATS_AUTHORIZATION: {
    exit: EXIT.usage,
    when: 'the server refuses the user, or the user lacks a permission',
    fix: 'check the credentials, and that the server has the current permissions.conf',
  },
  NATS_TLS: {
    exit: EXIT.usage,
    when: 'the encrypted connection fails',
    fix: "check `--nats-ca`, `--nats-cert` and `--nats-key`, and the names in the server's certificate",
  },
  NATS_JETSTREAM_OFF: {
    exit: EXIT.usage,
    when: 'the server runs without JetStream',
    fix: 'add a `jetstream` block to its configuration, or start it with `edgesweep server`',
  },
  NATS_SERVER_TOO_OLD: {
    exit: EXIT.usage,
    when: 'the server is older than edgesweep needs',
    fix: 'install nats-server 2.9 or newer',
  },
  NATS_STREAM_DIFFERS: {
    exit: EXIT.usage,
    when: 'a stream of the server lacks the settings that edgesweep needs',
    fix: 'remove the stream, or use a separate account for edgesweep',
  },
  NATS_OTHER_VERSION: {
    exit: EXIT.usage,
    when: 'a newer version of edgesweep runs the sweep on the server, in a way that this one does not understand',
    fix: 'use that version here too; or cancel the sweep by its key with `edgesweep cancel`, then run it with this one',
  },
  NATS_STORAGE_FULL: {
    exit: EXIT.usage,
    when: 'the server has no space left for tasks or results',
    fix: 'raise `max_file_store`, free its disk, or collect finished sweeps',
  },
  RESULT_REFUSED: {
    exit: EXIT.failed,
    when: 'a node sent results that do not belong to their task, or that no trusted key signed',
    fix: 'check the node that the error names, and the file of `--trusted-keys`',
  },
  KEY_UNUSABLE: {
    exit: EXIT.usage,
    when: 'the private key of a node cannot be read or made',
    fix: 'make it readable for its owner only (mode 600), or name another with `--key`',
  },
  NODE_SET_ASIDE: {
    exit: EXIT.failed,
    when: 'a worker node fails its self-test, or fails tasks that succeed elsewhere',
    fix: 'check the memory and the installation of the machine, then start the node again',
  },
  SERVER_NOT_INSTALLED: {
    exit: EXIT.usage,
    when: 'nats-server is not on PATH',
    fix: 'install it: `apt install nats-server` or `brew install nats-server`',
  },
  SWEEP_CANCELLED: {
    exit: EXIT.failed,
    when: 'the sweep was cancelled on the server while it ran',
    fix: 'rerun the same command to resume',
  },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
