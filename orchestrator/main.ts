#!/usr/bin/env node
import { EdgesweepError, formatError } from '../shared/mod.ts';
import { runCli } from './cli.ts';

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

const exitCode = await runCli(process.argv.slice(2));
if (!outputFailed) process.exitCode = exitCode;
