import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { edgesweep, makeFolder, plain, startNats } from '../support/mod.ts';
import { makeCredentials } from './credentials.ts';
import { asOrchestrator, asWorker, DEPLOY, deployed, makeSweep, PASSWORDS, replaceOnce, runOn, startDeployed, startWorker } from './deployed.ts';

/** A sweep on a server that a worker and an orchestrator reach with these flags. */
async function computeWith(url: string, words: string[], worker = {}, orchestrator = {}): Promise<void> {
  const cwd = makeFolder();
  await startWorker(url, cwd, words, worker);
  expect(await runOn(url, makeSweep(cwd), cwd, words, orchestrator)).toMatchObject({ code: 0, stderr: '' });
}

it('with a credentials file', async () => {
  const { configuration, creds } = makeCredentials();
  const server = await startNats({ config: (at) => plain(at) + configuration });
  const file = join(server.folder, 'user.creds');
  writeFileSync(file, creds);
  await computeWith(server.url, ['--nats-creds', file]);
});

describe('TLS with an authority of one\'s own', () => {
  const startEncrypted = async () => {
    const folder = makeFolder();
    execFileSync(join(DEPLOY, 'make-certificates.sh'), [folder, '127.0.0.1', 'localhost'], { stdio: 'pipe' });
    const at = (name: string) => join(folder, name);
    const server = await startNats({
      // the block that is ready in nats-server.conf, its signs taken away
      config: (place) => deployed('nats-server.conf')(place).replace(/^#tls \{[\s\S]*?^#\}/m, (block) => block.replaceAll(/^#/gm, '')).replaceAll('/etc/edgesweep/certificates', folder),
      env: PASSWORDS,
    });
    return { server, ca: ['--nats-ca', at('ca.pem')], client: ['--nats-cert', at('client.pem'), '--nats-key', at('client-key.pem')] };
  };

  it('and client certificates, with the files of make-certificates.sh', async () => {
    const { server, ca, client } = await startEncrypted();
    await computeWith(server.url, [...ca, ...client], asWorker, asOrchestrator);
    const { stdout } = await edgesweep(['doctor', '--nats', server.url, '--json', ...ca, ...client], { cwd: server.folder, env: asOrchestrator });
    expect(JSON.parse(stdout).server.find(({ what }: { what: string }) => what === 'encryption')).toMatchObject({
      verdict: 'ok',
      text: expect.stringMatching(/^TLS, checked against the authority of .*ca\.pem, client certificates required$/),
    });
  });

  it('refuses who lacks the authority or a certificate, and says so', async () => {
    const { server, ca } = await startEncrypted();
    for (const words of [[], ca]) {
      const { code, stderr } = await edgesweep(['status', '--nats', server.url, ...words], { cwd: server.folder, env: asOrchestrator });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error \[NATS_(UNREACHABLE|AUTHORIZATION)\]/);
      expect(stderr).toMatch(/certificate|TLS/i);
      expect(stderr).not.toContain('    at ');
    }
  });
});

describe('bad input', () => {
  const status = (url: string, words: string[] = [], env: Record<string, string> = {}) =>
    edgesweep(['status', '--nats', url, ...words], { cwd: makeFolder(), env });

  it('wrong credentials, never printed', async () => {
    const server = await startDeployed();
    const secret = 'pw-wrong-secret';
    const { code, stdout, stderr } = await status(server.url, [], { ...asOrchestrator, EDGESWEEP_NATS_PASSWORD: secret });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error \[NATS_AUTHORIZATION\]: the nats-server refused the credentials/);
    expect(stderr).not.toContain(secret);
    const inAddress = await status(server.url.replace('//', `//orchestrator:${secret}@`));
    expect(inAddress.code).toBe(2);
    expect(inAddress.stderr).not.toContain(secret);
    const ofWorker = await edgesweep(['worker', '--nats', server.url, '--nats-user', 'worker', '--nats-password', secret], { cwd: makeFolder() });
    expect(ofWorker.code).toBe(2);
    expect(ofWorker.stderr).toMatch(/^error \[NATS_AUTHORIZATION\]/);
    expect(ofWorker.stderr).not.toContain(secret);
  });

  it('an unknown NKey, a file without one, a missing file', async () => {
    const server = await startDeployed();
    const file = join(server.folder, 'key');
    writeFileSync(file, nkeys.createUser().getSeed());
    expect(await status(server.url, ['--nats-nkey', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('[NATS_AUTHORIZATION]: the nats-server refused') });
    writeFileSync(file, 'not a seed\n');
    for (const flag of ['--nats-nkey', '--nats-creds']) {
      const { code, stderr } = await status(server.url, [flag, file]);
      expect(code).toBe(2);
      expect(stderr).toContain('[NATS_AUTHORIZATION]: the file holds no key');
      expect(stderr).not.toContain('not a seed');
    }
    const { code, stderr } = await status(server.url, ['--nats-creds', join(server.folder, 'nowhere')]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot read the file') });
  });

  it('JetStream off', async () => {
    const server = await startNats({ config: ({ port }) => `listen: "127.0.0.1:${port}"\n` });
    const { code, stderr } = await status(server.url);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error \[NATS_JETSTREAM_OFF\]/) });
    expect(stderr).toContain('fix:');
  });

  it('JetStream off for the account', async () => {
    const server = await startDeployed((text) => replaceOnce(text, 'jetstream: enabled', ''));
    const { code, stderr } = await status(server.url, [], asOrchestrator);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error \[NATS_JETSTREAM_OFF\]/) });
  });
});
