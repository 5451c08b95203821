import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compile, linkPackage } from '../support/consumer.ts';
import { makeFolder, programBlocks, start, startNats, startProcess } from '../support/mod.ts';

/** Imports each module and reports what the library did to the process: nothing. */
const RUN_ALL = `
const listeners = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
const before = JSON.stringify(listeners());
console.log = () => {};
for (const file of process.argv.slice(2)) await import(file);
if (JSON.stringify(listeners()) !== before) process.stderr.write('listeners: ' + JSON.stringify(listeners()));
`;

it('every example of docs/api.md compiles and runs as it stands, prints nothing of itself, and ends', async () => {
  const programs = programBlocks('docs/api.md');
  expect(programs.length).toBeGreaterThan(6);
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'node_modules'));
  linkPackage(cwd);
  const server = await startNats();
  start(['worker', '--nats', server.url, '--threads', '1'], { cwd });
  // the server of this test instead of the usual one
  const texts = programs.map((text) => text.replaceAll('nats://127.0.0.1:4222', server.url));
  texts.forEach((text, i) => {
    writeFileSync(join(cwd, `example-${i}.ts`), text);
  });
  await compile(cwd);
  writeFileSync(join(cwd, 'all.js'), RUN_ALL);
  const files = texts.map((_, i) => `./example-${i}.js`);
  const ended = await startProcess(process.execPath, ['all.js', ...files], { cwd }).ended;
  expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const made = ['figure.vl.json', 'figure.svg', 'figure.png', 'results/smoke', 'results/widths', 'results/stopped'];
  for (const path of [...made, 'results/sharpness', 'results/cluster'])
    expect([path, existsSync(join(cwd, path))]).toEqual([path, true]);
  expect(existsSync(join(cwd, 'results/refused'))).toBe(false);
});
