import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { EdgesweepError, messageOf, packagedFile } from '../mod.ts';

/** The files of a TLS connection. */
export type TlsFiles = {
  /** certificate of the authority that signed the server's */
  caFile?: string | undefined;
  certFile?: string | undefined;
  keyFile?: string | undefined;
};

/** How long a server may take to say that it accepts a certificate: it does so after the handshake, by saying nothing. */
const ANSWER_MS = 2000;

const creator = (): string => `${packagedFile('deploy/make-certificates.sh')} creates certificates`;

const tlsError = (message: string, where: string, expected: string, got: string, fix: string, cause?: unknown) =>
  new EdgesweepError('NATS_TLS', message, { where, expected, got, fix, ...(cause !== undefined && { cause }) });

/**
 * Checks the files of a client before they are used: whoever accepts none of them only closes the connection.
 * @throws EdgesweepError NATS_TLS
 */
export function requireTlsFiles({ caFile, certFile, keyFile }: TlsFiles): void {
  if (caFile !== undefined) certificate(caFile);
  if (certFile === undefined && keyFile === undefined) return;
  if (certFile === undefined || keyFile === undefined) {
    const [given, lacking] = certFile === undefined ? ['--nats-key', '--nats-cert'] : ['--nats-cert', '--nats-key'];
    const where = certFile ?? keyFile ?? '';
    throw tlsError(
      'a client certificate needs its key',
      where,
      'both --nats-cert and --nats-key',
      `only ${given}`,
      `add ${lacking}`,
    );
  }
  const own = certificate(certFile);
  const expected = 'a certificate that is valid now';
  const [from, to] = [new Date(own.validFrom), new Date(own.validTo)];
  if (to.getTime() < Date.now())
    throw tlsError(
      'the client certificate has expired',
      certFile,
      expected,
      `valid until ${to.toISOString()}`,
      creator(),
    );
  if (from.getTime() > Date.now())
    throw tlsError(
      'the client certificate is not valid yet',
      certFile,
      expected,
      `valid from ${from.toISOString()}`,
      'check the clock of this machine',
    );
  if (!own.checkPrivateKey(privateKey(keyFile)))
    throw tlsError(
      'the key does not belong to the client certificate',
      keyFile,
      `the key of ${certFile}`,
      'another key',
      'name the key that was created with the certificate',
    );
}

function certificate(file: string): X509Certificate {
  const text = read(file);
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw tlsError(
      'the file holds no certificate',
      file,
      'a certificate in PEM format: -----BEGIN CERTIFICATE-----',
      messageOf(cause),
      creator(),
      cause,
    );
  }
}

function privateKey(file: string) {
  const text = read(file);
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw tlsError(
      'the file holds no usable key',
      file,
      'a key in PEM format, without a passphrase: -----BEGIN PRIVATE KEY-----',
      messageOf(cause),
      creator(),
      cause,
    );
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw tlsError(
      'cannot read the file with a certificate or key',
      file,
      'a readable file',
      messageOf(cause),
      'check the path and its permissions',
      cause,
    );
  }
}

/**
 * Why a server cannot be reached with TLS, found with a connection of its own, since the client library tells only that it has waited in
 * vain; undefined when TLS is not the reason.
 */
export async function tlsProblem(addresses: readonly string[], files: TlsFiles): Promise<EdgesweepError | undefined> {
  const problems = await Promise.all(addresses.map((address) => problemAt(address, files)));
  return problems.find((problem) => problem !== undefined);
}

async function problemAt(address: string, files: TlsFiles): Promise<EdgesweepError | undefined> {
  const text = address.includes('://') ? address : `nats://${address}`;
  if (!URL.canParse(text)) return undefined;
  const { hostname, port } = new URL(text);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connectTcp({ host, port: Number(port || 4222) });
  try {
    const info = await serverInfo(socket);
    if (info === undefined || !(info.tls_required || info.tls_available)) return undefined;
    const problem = await handshake(socket, host, files);
    return problem && explain(problem, address, files, info.tls_verify === true);
  } finally {
    socket.destroy();
  }
}

type ServerInfo = { tls_required?: boolean; tls_available?: boolean; tls_verify?: boolean };

/** The first line of a server, which it sends without encryption; undefined when that is something else, or nothing. */
function serverInfo(socket: Socket): Promise<ServerInfo | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const end = (info?: ServerInfo) => {
      socket.removeAllListeners('data');
      resolve(info);
    };
    socket.setTimeout(ANSWER_MS, () => end());
    socket.once('error', () => end()).once('close', () => end());
    socket.on('data', (part) => {
      text += part.toString('latin1');
      if (!text.includes('\r\n') && text.length < 2 ** 16) return;
      try {
        end(JSON.parse(text.replace(/^INFO /, '')) as ServerInfo);
      } catch {
        end();
      }
    });
  });
}

/** @returns undefined when the server has accepted everything */
function handshake(socket: Socket, host: string, { caFile, certFile, keyFile }: TlsFiles): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const tls = connectTls({
      socket,
      host,
      ...(caFile !== undefined && { ca: readFileSync(caFile) }),
      ...(certFile !== undefined && { cert: readFileSync(certFile) }),
      ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
    });
    tls.once('error', (error) => resolve(error));
    tls.once('close', () => resolve(undefined));
    // with TLS 1.3 the server looks at the client's certificate after this; it answers a ping, or closes
    tls.once('secureConnect', () => {
      tls.on('data', () => resolve(undefined));
      tls.write('CONNECT {"verbose":true}\r\nPING\r\n');
    });
    setTimeout(() => resolve(undefined), ANSWER_MS).unref();
  });
}

function explain(
  problem: Error & { code?: string },
  address: string,
  { caFile, certFile }: TlsFiles,
  verifies: boolean,
): EdgesweepError {
  const got = problem.code === undefined ? problem.message : `${problem.message} [${problem.code}]`;
  const ofClient = /alert|EPIPE|ECONNRESET/i.test(got);
  if (ofClient && verifies && certFile === undefined)
    return tlsError(
      'the nats-server requires a client certificate',
      address,
      'a certificate signed by an authority that the server knows',
      'none',
      'add --nats-cert and --nats-key',
      problem,
    );
  if (ofClient)
    return tlsError(
      'the nats-server rejects the client certificate',
      certFile ?? address,
      'a certificate signed by the authority in ca_file of the server, and valid by its clock',
      got,
      `name the right one with --nats-cert; ${creator()}`,
      problem,
    );
  return tlsError(
    'the certificate of the nats-server is not accepted',
    address,
    caFile === undefined
      ? "a certificate signed by one of this machine's authorities"
      : `a certificate signed by the authority of ${caFile}, for this address`,
    got,
    'name the authority that signed it with --nats-ca, and one of the names in the certificate as the address',
    problem,
  );
}
