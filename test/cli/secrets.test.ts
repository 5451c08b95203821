import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freePort, inProcess, makeFolder } from '../support/mod.ts';

/** In all the secrets below, and in nothing else. */
const CORE = 'q7Geheim9';

/** Around the core: what ends a user, a password, a host or a word, in addresses, options and messages. */
const around = fc
  .array(
    fc.constantFrom('/', ':', '@', '#', '?', '%41', ' ', ',', '=', '-', '"', "'", '\\', '\n', 'ä', '$', '//', 'x', '.'),
  )
  .map((parts) => parts.slice(0, 4).join(''));
const secret = fc.tuple(around, around).map(([before, after]) => `${before}${CORE}${after}`);
const scheme = fc.constantFrom('', 'nats://', 'tls://', 'TLS://', 'ws://', 'wss://', 'nats:', '//', 'http://');
const host = fc.constantFrom('host', '127.0.0.1:1', '[::1]:1', 'host:x', '', 'a,b', 'host/path');

const withPassword = fc.tuple(scheme, fc.constantFrom('x:', 'ü:', ':', 'a/b:', 'x:y:'), secret, host).map((parts) => {
  const [before, user, password, at] = parts;
  return `${before}${user}${password}@${at}`;
});
const withToken = fc.tuple(scheme, secret, host).map(([before, token, at]) => `${before}${token}@${at}`);
const elsewhere = fc.tuple(scheme, host, secret).map(([before, at, password]) => `${before}${at}?password=${password}`);
const inList = fc
  .tuple(withPassword, fc.boolean())
  .map(([address, first]) => (first ? `${address},nats://other` : `nats://other:1,${address}`));
const address = fc.oneof(withPassword, withToken, elsewhere, inList);

type Attack = { words: readonly string[]; env?: Record<string, string> | undefined };

const run = ['run', 'smoke', '--quiet', '--detach', '--out', 'out'];
/** @param nats where nobody listens */
const attacks = (nats: string): fc.Arbitrary<Attack> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(run, ['status'], ['worker'], ['why', 'abc'], ['verify', 'out']), address)
        .chain(([command, text]) =>
          fc.constantFrom(
            { words: [...command, '--nats', text] },
            { words: [...command, `--nats=${text}`] },
            { words: [...command, '--verbose', '--nats', text] },
            { words: ['--nats', text, ...command] },
            { words: [...command, '--nats', nats, '--nats', text] },
            { words: [...command, `--nats.x=${text}`] },
            { words: [...command, `--nat=${text}`] },
            { words: command[0] === 'verify' ? run : command, env: { EDGESWEEP_NATS: text } },
          ),
        ),
    },
    // in a wrong place
    {
      weight: 2,
      arbitrary: withPassword.chain((text) =>
        fc.constantFrom(
          { words: ['run', text] },
          { words: ['status', text] },
          { words: [text] },
          { words: ['status', '--nats', nats, text] },
          { words: ['run', 'smoke', text] },
        ),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('--nats-password', '--natsPassword', '--nats-Password'), secret)
        .chain(([option, text]) =>
          fc.constantFrom(
            { words: [...run, '--nats', nats, '--nats-user', 'x', option, text] },
            { words: [...run, '--nats', nats, '--nats-user', 'x', `${option}=${text}`] },
            { words: [...run, '--nats', nats, `${option}.x=${text}`] },
            { words: [...run, '--nats', nats, option, 'one', option, text] },
            { words: [...run, '--nats', nats, option, `--${text}`] },
            { words: [...run, '--nats', nats, option, `-${text}`, '--verbose'] },
            { words: ['status', '--nats', nats, `-${option}=${text}`] },
            { words: [...run, '--nats', nats], env: { EDGESWEEP_NATS_USER: 'x', EDGESWEEP_NATS_PASSWORD: text } },
          ),
        ),
    },
  );

it('1,000 command lines with a secret in an address or a password never show it, nor keep it', async () => {
  const cwd = makeFolder();
  const nats = `nats://127.0.0.1:${await freePort()}`;
  const manifest = join(cwd, 'out', 'manifest.json');
  let manifests = 0;
  await fc.assert(
    fc.asyncProperty(attacks(nats), async ({ words, env = {} }) => {
      const { code, stdout, stderr } = await inProcess(words, { cwd, env });
      expect(code).not.toBe(0);
      const kept = existsSync(manifest) ? readFileSync(manifest, 'utf8') : '';
      manifests += kept === '' ? 0 : 1;
      expect(`${stdout}${stderr}${kept}`).not.toContain(CORE);
    }),
    { numRuns: 1000 },
  );
  expect(manifests).toBeGreaterThan(0);
});

it.each([
  'x:PW@host',
  'nats://x:PW@host',
  'tls://u:PW/x@host',
  'nats://token@host:4222',
  'nats://host?password=PW',
  'a b',
])('%s is no address: the error names the right way', async (text) => {
  const cwd = makeFolder();
  const expected =
    /^error \[USAGE\].*\n {2}where: {4}(.*)\n.*\n.*--nats-user and set EDGESWEEP_NATS_PASSWORD.*--nats-creds/;
  const flag = await inProcess(['run', 'smoke', '--nats', text, '--detach'], { cwd });
  expect(flag).toMatchObject({ code: 2, stdout: '' });
  expect(expected.exec(flag.stderr)?.[1], flag.stderr).toBe('--nats');
  const variable = await inProcess(['status'], { cwd, env: { EDGESWEEP_NATS: text } });
  expect(expected.exec(variable.stderr)?.[1], variable.stderr).toBe('EDGESWEEP_NATS');
});

it.each([
  '127.0.0.1',
  '127.0.0.1:1',
  'nats://127.0.0.1:1/',
  'tls://localhost:1',
  '[::1]:1',
  'nats://[::1]:1',
  'a_b.invalid:1',
])('%s is an address', async (text) => {
  const ended = await inProcess(['status', '--nats', `127.0.0.1:1, ${text}`], { cwd: makeFolder() });
  expect(ended.stderr).toMatch(/^error \[NATS_UNREACHABLE\]/);
});
