import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askRun, controlRun, type Gate } from '../../../orchestrator/control/mod.ts';
import { cleanLater, makeFolder } from '../../support/mod.ts';

/** A run that has done 3 of 10 tasks and computes 2 now. */
function run(directory: string, gate: (Gate & { isPaused: boolean }) | undefined = makeGate()) {
  const notes: string[] = [];
  let isDraining = false;
  const end = controlRun({
    directory,
    gate,
    counts: () => ({ done: 3, failed: 1, total: 10, left: 6, recording: 1 }),
    isDraining: () => isDraining,
    drain: () => {
      isDraining = true;
    },
    note: (text) => notes.push(text),
  });
  cleanLater(end);
  return { notes, end };
}

function makeGate() {
  const gate = {
    running: 2,
    isPaused: false,
    pause: () => {
      gate.isPaused = true;
    },
    resume: () => {
      gate.isPaused = false;
    },
  };
  return gate;
}

const socketOf = (directory: string): string => join(directory, 'control');
const counts = { done: 3, running: 3, pending: 3, failed: 1, total: 10, canPause: true };

it('pauses, resumes and drains a run, says who asked, and leaves no socket', async () => {
  const directory = makeFolder();
  const { notes, end } = run(directory);
  expect(statSync(socketOf(directory)).mode & 0o777).toBe(0o600);
  const ask = (action: 'status' | 'pause' | 'resume' | 'drain') =>
    askRun(directory, { action, by: 'a\u001b[31m test' });
  expect((await ask('status')).after).toEqual({ ...counts, state: 'running' });
  expect(await ask('pause')).toMatchObject({ before: { state: 'running' }, after: { ...counts, state: 'paused' } });
  expect((await ask('pause')).message).toBe('is already paused');
  expect((await ask('resume')).after.state).toBe('running');
  expect((await ask('resume')).message).toBe('is already running');
  expect((await ask('drain')).after.state).toBe('draining');
  for (const action of ['pause', 'resume', 'drain'] as const)
    expect((await ask(action)).message).toMatch(/^is (already )?ending/);
  expect(notes[0]).toMatch(/^a.*test: paused; tasks in flight are finished/);
  expect(notes.join('')).not.toContain('\u001b');
  end();
  expect(existsSync(socketOf(directory))).toBe(false);
  await expect(ask('status')).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(/no run/) });
});

it('a run whose tasks nodes compute is not paused here', async () => {
  const directory = makeFolder();
  const end = controlRun({
    directory,
    gate: undefined,
    counts: () => ({ done: 0, failed: 0, total: 4, left: 4, recording: 0 }),
    isDraining: () => false,
    drain: () => {},
    note: () => {},
  });
  cleanLater(end);
  const { message, after } = await askRun(directory, { action: 'pause', by: 'a test' });
  expect([message, after.canPause, after.state]).toEqual([expect.stringMatching(/--nats/), false, 'running']);
});

it('a directory with a long path has a socket too', async () => {
  const directory = join(makeFolder(), ...Array.from({ length: 8 }, (_, i) => `${i}`.repeat(40)));
  mkdirSync(directory, { recursive: true });
  const { end } = run(directory);
  const { after } = await askRun(directory, { action: 'pause', by: 'a test' });
  expect(after.state).toBe('paused');
  end();
  expect(existsSync(socketOf(directory))).toBe(false);
});

it('takes the place of a socket that a killed run left, and leaves what is no socket alone', async () => {
  const directory = makeFolder();
  // bound, and unlinked only when it is closed: as after a kill, nobody accepts
  const dead = createServer();
  await new Promise<void>((done) => dead.listen(socketOf(directory), done));
  cleanLater(() => void dead.close());
  run(directory);
  expect((await askRun(directory, { action: 'status', by: 'a test' })).after.done).toBe(3);

  const foreign = makeFolder();
  writeFileSync(socketOf(foreign), 'mine');
  run(foreign).end();
  expect(existsSync(socketOf(foreign))).toBe(true);
  await expect(askRun(foreign, { action: 'status', by: 'a test' })).rejects.toMatchObject({ code: 'USAGE' });
});

it.each(['', 'x'.repeat(2001), '{}\n', '{"action":"erase","by":"a"}\n', 'null\n', '{"action":"pause"\n'])(
  'closes a connection that says %j, and answers the next',
  async (text) => {
    const directory = makeFolder();
    run(directory);
    const socket = connect(socketOf(directory));
    const heard: Buffer[] = [];
    socket.on('error', () => {}).on('data', (part) => heard.push(part));
    socket.end(text);
    await new Promise((done) => socket.on('close', done));
    expect(Buffer.concat(heard).toString()).toBe('');
    expect((await askRun(directory, { action: 'status', by: 'a test' })).after.state).toBe('running');
  },
);

it('says that a run does not answer, or answers what cannot be read', async () => {
  const directory = makeFolder();
  let says = '';
  const server = createServer(
    { allowHalfOpen: true },
    (socket) => void (says === '' ? socket.resume() : socket.end(says)),
  );
  await new Promise<void>((done) => server.listen(socketOf(directory), done));
  cleanLater(() => void server.close());
  const ask = () => askRun(directory, { action: 'status', by: 'a test' }, 50);
  await expect(ask()).rejects.toMatchObject({ code: 'USAGE', message: 'the run under way does not answer' });
  says = '{"message":"hm"}\n';
  await expect(ask()).rejects.toMatchObject({ code: 'USAGE', message: 'the answer of the run cannot be read' });
});
