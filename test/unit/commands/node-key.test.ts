import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keyFile, loadNodeKey } from '../../../orchestrator/commands/node-key.ts';
import { readTrustedKeys } from '../../../orchestrator/options/trusted-keys.ts';
import { makeFolder } from '../../support/mod.ts';

it('a key is made once, in a file that only its owner may read', () => {
  const file = join(makeFolder(), 'state', 'node.key');
  const first = loadNodeKey(file);
  expect(first.made).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('PRIVATE KEY');
  expect(loadNodeKey(file)).toMatchObject({ made: false, key: { publicKey: first.key.publicKey } });
});

it('a key that others may read, and a file that holds none, are refused and stay as they are', () => {
  const file = join(makeFolder(), 'node.key');
  loadNodeKey(file);
  chmodSync(file, 0o640);
  expect(() => loadNodeKey(file)).toThrow(
    expect.objectContaining({
      code: 'KEY_UNUSABLE',
      details: expect.objectContaining({ got: expect.stringContaining('mode 640') }),
    }),
  );
  writeFileSync(file, 'not a key');
  chmodSync(file, 0o600);
  expect(() => loadNodeKey(file)).toThrow(expect.objectContaining({ code: 'KEY_UNUSABLE' }));
  expect(readFileSync(file, 'utf8')).toBe('not a key');
});

it('the file is that of the flag, of the environment, or one that this user’s nodes share', () => {
  const cwd = '/srv';
  expect(keyFile('/flag.key', { env: { EDGESWEEP_KEY: 'env.key' }, cwd })).toEqual({
    file: '/flag.key',
    isNamed: true,
  });
  expect(keyFile(undefined, { env: { EDGESWEEP_KEY: 'env.key' }, cwd })).toEqual({
    file: '/srv/env.key',
    isNamed: true,
  });
  expect(keyFile(undefined, { env: { XDG_STATE_HOME: '/state' }, cwd })).toEqual({
    file: '/state/edgesweep/node.key',
    isNamed: false,
  });
});

it('trusted keys stand one on a line; a line that holds none is named', () => {
  const folder = makeFolder();
  const [a, b] = ['a', 'b'].map((name) => loadNodeKey(join(folder, name)).key.publicKey);
  const file = join(folder, 'trusted');
  writeFileSync(file, `# nodes\n\n${a} host-a\n  ${b}\n`);
  expect([...readTrustedKeys(file)]).toEqual([a, b]);
  writeFileSync(file, `${a}\n${b}x\n`);
  expect(() => readTrustedKeys(file)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ where: `${file}:2` }) }),
  );
  writeFileSync(file, '# none\n');
  expect(() => readTrustedKeys(file)).toThrow(/trusted keys/);
  expect(existsSync(join(folder, 'missing'))).toBe(false);
  expect(() => readTrustedKeys(join(folder, 'missing'))).toThrow(/trusted keys/);
});
