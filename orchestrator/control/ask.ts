import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { EdgesweepError, messageOf } from '../../shared/mod.ts';
import { controlPath, isWrittenTo, systemCode } from '../directory/mod.ts';
import { answerSchema, LONGEST, type RunAnswer, type RunRequest } from './messages.ts';
import { socketPath } from './socket-path.ts';

/** A run that does not answer for so long is busy or stopped, in milliseconds. */
const PATIENCE = 5000;

/**
 * Asks the run that writes to the directory.
 * @param patience milliseconds to wait for its answer
 * @throws EdgesweepError USAGE where no run listens
 */
export async function askRun(directory: string, request: RunRequest, patience = PATIENCE): Promise<RunAnswer> {
  const text = await exchange(directory, `${JSON.stringify(request)}\n`, patience).catch((cause: unknown) => {
    throw notReached(directory, cause);
  });
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new EdgesweepError('USAGE', 'the answer of the run cannot be read', {
      where: controlPath(directory),
      expected: 'an answer of this version of edgesweep',
      got: text.slice(0, 200),
      fix: 'use the version that runs it, or Ctrl-C in its terminal',
      cause,
    });
  }
}

/** Does a run seem to listen? */
export const isListening = (directory: string): boolean =>
  lstatSync(controlPath(directory), { throwIfNoEntry: false })?.isSocket() ?? false;

function exchange(directory: string, request: string, patience: number): Promise<string> {
  const { path, release } = socketPath(directory);
  return new Promise<string>((done, fail) => {
    let text = '';
    const socket = connect(path);
    socket.setEncoding('utf8');
    socket.setTimeout(patience, () => socket.destroy(new Error(`no answer within ${patience / 1000} seconds`)));
    socket.on('error', fail);
    socket.on('data', (part: string) => {
      text += part;
      if (text.length > LONGEST) socket.destroy(new Error('the answer is too long'));
    });
    socket.on('end', () => (text === '' ? fail(new Error('the connection was closed')) : done(text)));
    socket.end(request);
  }).finally(release);
}

function notReached(directory: string, cause: unknown): EdgesweepError {
  const isThere = isWrittenTo(directory);
  const isAbsent = ['ENOENT', 'ECONNREFUSED'].includes(systemCode(cause) ?? '');
  if (!isThere && isAbsent) {
    return new EdgesweepError('USAGE', 'no run of this machine writes to the sweep directory', {
      where: directory,
      expected: 'a run under way',
      fix: 'start it with `edgesweep run`; on another machine, or in another container, ask there',
      cause,
    });
  }
  return new EdgesweepError('USAGE', 'the run under way does not answer', {
    where: controlPath(directory),
    expected: 'a run that computes tasks, started by this user',
    got: messageOf(cause),
    fix: 'try again when it has begun to compute; Ctrl-C in its terminal drains it too',
    cause,
  });
}
