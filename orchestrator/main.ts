#!/usr/bin/env node
import { EdgesweepError, formatError } from '../shared/mod.ts';
import { runCli } from './cli.ts';
import { catchInterrupt } from './interrupt.ts';

let outputFailed = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // a reader that stops early (`| head`) is no error, and what it would have read does not end a run
    if (error.code === 'EPIPE') return;
    outputFailed = true;
    const told = new EdgesweepError('DISK', 'cannot write the output', { got: error.message });
    if (stream === process.stdout) process.stderr.write(`${formatError(told)}\n`);
    process.exitCode = told.exitCode;
  });
}

// otherwise this signal opens Node's inspector, through which any user of this machine could take over the process
process.on('SIGUSR1', () => {});

// maps are read only for a stack: they take longer than most commands
if (process.argv.includes('--verbose')) process.setSourceMapsEnabled(true);

const { stdout, stderr, env, argv } = process;
const exitCode = await runCli(argv.slice(2), { stdout, stderr, env, cwd: '.', catchInterrupt });
if (!outputFailed) process.exitCode = exitCode;
