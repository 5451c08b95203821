import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { EdgesweepError, formatError } from '../../shared/mod.ts';
import { connectCluster, type ServerOptions, type TlsFiles } from '../../shared/protocol/mod.ts';
import { cleanLater, freePort, inProcess, makeFolder, plain, startNats } from '../support/mod.ts';
import { makeCredentials } from './credentials.ts';
import {
  asOrchestrator,
  asWorker,
  DEPLOY,
  deployed,
  makeSweep,
  PASSWORDS,
  replaceOnce,
  runOn,
  startDeployed,
  startWorker,
} from './deployed.ts';

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

const asUser = { user: 'orchestrator', password: PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD };

describe("TLS with an authority of one's own", () => {
  const startEncrypted = async () => {
    const folder = makeFolder();
    execFileSync(join(DEPLOY, 'make-certificates.sh'), [folder, '127.0.0.1', 'localhost'], { stdio: 'pipe' });
    const at = (name: string) => join(folder, name);
    const server = await startNats({
      // the block that is ready in nats-server.conf, its signs taken away
      config: (place) =>
        deployed('nats-server.conf')(place)
          .replace(/^#tls \{[\s\S]*?^#\}/m, (block) => block.replaceAll(/^#/gm, ''))
          .replaceAll('/etc/edgesweep/certificates', folder),
      env: PASSWORDS,
    });
    return {
      server,
      folder,
      ca: ['--nats-ca', at('ca.pem')],
      client: ['--nats-cert', at('client.pem'), '--nats-key', at('client-key.pem')],
    };
  };

  it('and client certificates, with the files of make-certificates.sh', async () => {
    const { server, ca, client } = await startEncrypted();
    await computeWith(server.url, [...ca, ...client], asWorker, asOrchestrator);
    const { stdout } = await inProcess(['doctor', '--nats', server.url, '--json', ...ca, ...client], {
      cwd: server.folder,
      env: asOrchestrator,
    });
    expect(JSON.parse(stdout).server.find(({ what }: { what: string }) => what === 'encryption')).toMatchObject({
      verdict: 'ok',
      text: expect.stringMatching(/^TLS, checked against the authority of .*ca\.pem, client certificates required$/),
    });
  });

  it('says what is wrong with a certificate, in which file, and what to do', async () => {
    const { server, folder } = await startEncrypted();
    const other = makeFolder();
    execFileSync(join(DEPLOY, 'make-certificates.sh'), [other, '127.0.0.1'], { stdio: 'pipe' });
    const of = (place: string, name: string) => join(place, `${name}.pem`);
    const expired = of(makeFolder(), 'expired');
    const request = execFileSync('openssl', ['req', '-new', '-key', of(folder, 'client-key'), '-subj', '/CN=old']);
    const sign = ['x509', '-req', '-signkey', of(folder, 'client-key'), '-days', '-1', '-out', expired];
    execFileSync('openssl', sign, { input: request, stdio: 'pipe' });
    const files = (caFile: string, certFile?: string, keyFile?: string) => ({ caFile, certFile, keyFile });
    const [ca, cert, key] = ['ca', 'client', 'client-key'].map((name) => of(folder, name));
    const cases: [string, TlsFiles, string][] = [
      ['requires a client certificate', files(ca), server.url],
      ['rejects the client certificate', files(ca, of(other, 'client'), of(other, 'client-key')), of(other, 'client')],
      ['client certificate has expired', files(ca, expired, key), expired],
      [
        'key does not belong to the client certificate',
        files(ca, cert, of(other, 'client-key')),
        of(other, 'client-key'),
      ],
      ['client certificate needs its key', files(ca, cert), cert],
      ['file holds no certificate', files(ca, key, cert), key],
      ['file holds no usable key', files(ca, cert, cert), cert],
      ['certificate of the nats-server is not accepted', files(of(other, 'ca'), cert, key), server.url],
      ['certificate of the nats-server is not accepted', {}, server.url],
      ['cannot read the file', files(of(folder, 'none')), of(folder, 'none')],
    ];
    const errors = cases.map(([, tls]) =>
      connectCluster({ servers: [server.url], ...asUser, ...tls }, 'orchestrator', 'test').catch((error) => error),
    );
    const told = (await Promise.all(errors)).map(({ code, message, details }) => [code, message, details.where]);
    expect(told).toEqual(cases.map(([text, , where]) => ['NATS_TLS', expect.stringContaining(text), where]));
    const { stderr } = await inProcess(['status', '--nats', server.url], { cwd: folder });
    expect(stderr).toMatch(/^error \[NATS_TLS\][\s\S]*\n {2}fix: /);
  });
});

describe('bad input', () => {
  /** The error of a connection, as a command shows it. */
  const refusal = async (options: ServerOptions): Promise<string> => {
    const error: unknown = await connectCluster(options, 'orchestrator', 'test').catch((problem) => problem);
    if (!(error instanceof EdgesweepError)) throw new Error('no error, or none for the user');
    expect(error.exitCode).toBe(2);
    expect(error.details.fix).toBeDefined();
    return formatError(error);
  };

  it('wrong credentials, never printed', async () => {
    const server = await startDeployed();
    const secret = 'pw-wrong-secret';
    const cwd = server.folder;
    const inAddress = server.url.replace('//', `//orchestrator:${secret}@`);
    const refused = await inProcess(['status', '--nats', inAddress], { cwd });
    const words = ['worker', '--nats', server.url, '--nats-user', 'worker', '--nats-password', secret];
    const wrong = await inProcess(words, { cwd });
    for (const { code, stdout, stderr } of [refused, wrong]) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).not.toContain(secret);
    }
    expect(refused.stderr).toMatch(/^error \[USAGE\]: the address of the nats-server/);
    await expect(connectCluster({ servers: [server.url] }, 'orchestrator', 'test')).rejects.toMatchObject({
      code: 'NATS_AUTHORIZATION',
    });
    expect(wrong.stderr).toMatch(/^error \[NATS_AUTHORIZATION\]: the nats-server rejected the credentials/m);
  });

  it('an unknown NKey, a file without one, a missing file', async () => {
    const server = await startDeployed();
    const servers = [server.url];
    const file = join(server.folder, 'key');
    writeFileSync(file, nkeys.createUser().getSeed());
    expect(await refusal({ servers, nkeyFile: file })).toContain('[NATS_AUTHORIZATION]: the nats-server rejected');
    writeFileSync(file, 'not a seed\n');
    for (const options of [{ nkeyFile: file }, { credsFile: file }]) {
      const text = await refusal({ servers, ...options });
      expect(text).toContain('[NATS_AUTHORIZATION]: the file holds no user seed');
      expect(text).not.toContain('not a seed');
    }
    expect(await refusal({ servers, credsFile: join(server.folder, 'nowhere') })).toContain('cannot read the file');
    expect(await refusal({ servers, caFile: join(server.folder, 'nowhere') })).toContain('cannot read the file');
  });

  it('JetStream off, for all or for the account', async () => {
    const off = await startNats({ config: ({ port }) => `listen: "127.0.0.1:${port}"\n` });
    expect(await refusal({ servers: [off.url] })).toMatch(/^error \[NATS_JETSTREAM_OFF\]/);
    const forAccount = await startDeployed((text) => replaceOnce(text, 'jetstream: enabled', ''));
    const user = { user: 'orchestrator', password: PASSWORDS.EDGESWEEP_ORCHESTRATOR_PASSWORD };
    expect(await refusal({ servers: [forAccount.url], ...user })).toMatch(/^error \[NATS_JETSTREAM_OFF\]/);
  });

  it('a name that is unknown, something else that listens there, and a server that is too old', async () => {
    const listen = async (greeting: string): Promise<string> => {
      const server = createServer((socket) => {
        socket.on('error', () => {}).write(greeting);
        socket.on('data', (data) => {
          if (data.includes('PING')) socket.write('PONG\r\n');
        });
      });
      const port = await freePort();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      cleanLater(() => void server.close());
      return `nats://127.0.0.1:${port}`;
    };
    expect(await refusal({ servers: ['nats://no-such-host.invalid:4222'] })).toMatch(/^error \[NATS_UNREACHABLE\]/);
    expect(await refusal({ servers: ['not an address'] })).toMatch(/^error \[(NATS_UNREACHABLE|USAGE)\]/);
    const other = await listen('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await refusal({ servers: [other] })).toMatch(/^error \[NATS_UNREACHABLE\]/);
    const info = {
      server_id: 'x',
      server_name: 'x',
      version: '2.8.4',
      proto: 1,
      headers: true,
      max_payload: 1048576,
      jetstream: true,
    };
    const old = await listen(`INFO ${JSON.stringify(info)}\r\n`);
    expect(await refusal({ servers: [old] })).toMatch(/^error \[NATS_SERVER_TOO_OLD\][\s\S]*2\.8\.4/);
  });
});
