import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  type Authenticator,
  AuthorizationError,
  connect as connectNats,
  credsAuthenticator,
  errors,
  type NatsConnection,
  nkeyAuthenticator,
  nkeys,
  PermissionViolationError,
} from '@nats-io/transport-node';
import { EdgesweepError, messageOf, packagedFile } from '../mod.ts';
import { INBOX, OLDEST_SERVER, type Role } from './names.ts';
import { makeReconnects } from './reconnect.ts';
import { TIMINGS, type Timings } from './timings.ts';
import { requireTlsFiles, type TlsFiles, tlsProblem } from './tls.ts';

/** How to reach the server. Secrets come from files or the environment and are never printed. */
export type ServerOptions = TlsFiles & {
  /** one or more addresses, such as nats://host:4222 */
  servers: string[];
  user?: string | undefined;
  password?: string | undefined;
  /** file with an NKey seed */
  nkeyFile?: string | undefined;
  /** credentials file (JWT and seed) */
  credsFile?: string | undefined;
  /** other than those of production, for tests */
  timings?: Timings | undefined;
};

export type Cluster = { nc: NatsConnection; jsm: JetStreamManager; js: JetStreamClient; timings: Timings };

/** In milliseconds. After two pings without an answer a connection counts as broken, which is about when three servers have a new leader. */
const PING_INTERVAL = 2000;

/** How long one server may take for its first answer, in milliseconds. */
const FIRST_ANSWER_MS = 10_000;

/** How long a cluster of servers may take to choose a leader, in milliseconds. */
const ELECTION_MS = 30_000;

/**
 * Connects, and reconnects for ever from then on.
 * @param role whose inboxes to use, so that accounts can be kept apart
 * @throws EdgesweepError NATS_UNREACHABLE, NATS_TLS, NATS_AUTHORIZATION, NATS_JETSTREAM_OFF, NATS_SERVER_TOO_OLD
 */
export async function connectCluster(options: ServerOptions, role: Role, name: string): Promise<Cluster> {
  const address = options.servers.join(', ');
  const timings = options.timings ?? TIMINGS;
  const { caFile, certFile, keyFile } = options;
  requireTlsFiles(options);
  const reconnects = makeReconnects(timings.reconnect);
  let nc: NatsConnection;
  try {
    nc = await connectNats({
      servers: options.servers,
      name,
      inboxPrefix: inboxPrefix(options, role),
      timeout: 5000,
      pingInterval: PING_INTERVAL,
      maxPingOut: 2,
      maxReconnectAttempts: -1,
      reconnectDelayHandler: reconnects.delay,
      ignoreAuthErrorAbort: true,
      // a stack for each request that might fail costs more than the request
      noAsyncTraces: true,
      authenticator: authenticators(options),
      ...((caFile ?? certFile) !== undefined && {
        tls: {
          ...(caFile !== undefined && { caFile }),
          ...(certFile !== undefined && keyFile !== undefined && { certFile, keyFile }),
        },
      }),
    });
  } catch (cause) {
    const error = connectionError(cause, address);
    throw (error.code === 'NATS_UNREACHABLE' && (await tlsProblem(options.servers, options))) || error;
  }
  void reconnects.watch(nc);
  try {
    requireVersion(nc, address);
    await untilAnswered(nc, timings);
    const options = { timeout: timings.answer };
    return {
      nc,
      jsm: await jetstreamManager(nc, { ...options, checkAPI: false }),
      js: jetstream(nc, options),
      timings,
    };
  } catch (cause) {
    await nc.close();
    throw cause instanceof EdgesweepError ? cause : jetStreamError(cause, address);
  }
}

/** JetStream of one server answers or is off; a cluster that has just lost a server answers nothing while it chooses a leader. */
async function untilAnswered(nc: NatsConnection, { answer, retry }: Timings): Promise<void> {
  const isAlone = nc.info?.cluster === undefined;
  const deadline = performance.now() + (isAlone ? 0 : ELECTION_MS);
  for (;;) {
    try {
      await jetstreamManager(nc, { timeout: isAlone ? FIRST_ANSWER_MS : answer });
      return;
    } catch (cause) {
      if (permissionViolation(cause) !== undefined || performance.now() > deadline) throw cause;
      await sleep(retry);
    }
  }
}

/**
 * Each user has inboxes of its own, `_INBOX_worker.USER.>`, so that one that may take the tasks of some sweeps only can be kept from
 * reading what is delivered to others. The name of one with a key is its public key, as in the configuration of the server.
 */
function inboxPrefix({ user, nkeyFile, credsFile }: ServerOptions, role: Role): string {
  const keyFile = nkeyFile ?? credsFile;
  const name = user ?? (keyFile === undefined ? 'anyone' : publicKey(secret(keyFile, 'a key'), keyFile));
  return `${INBOX[role]}.${name.replace(/[^\w-]/g, '_')}`;
}

/** @param text of a file with the seed of a user, alone or among others */
function publicKey(text: string, file: string): string {
  try {
    const seed = /\bSU[A-Z2-7]{56}\b/.exec(text)?.[0] ?? '';
    return nkeys.fromSeed(new TextEncoder().encode(seed)).getPublicKey();
  } catch (cause) {
    throw new EdgesweepError('NATS_AUTHORIZATION', 'the file holds no user seed', {
      where: file,
      expected: 'a user seed: SU and 56 letters and digits',
      fix: `check the path; ${packagedFile('deploy/README.md')} shows how to create a seed`,
      cause,
    });
  }
}

function authenticators(options: ServerOptions): Authenticator[] {
  const { user, password, nkeyFile, credsFile } = options;
  const list: Authenticator[] = [];
  if (nkeyFile !== undefined)
    list.push(nkeyAuthenticator(new TextEncoder().encode(secret(nkeyFile, 'an NKey seed').trim())));
  if (credsFile !== undefined)
    list.push(credsAuthenticator(new TextEncoder().encode(secret(credsFile, 'credentials'))));
  if (user !== undefined) list.push(() => ({ user, pass: password ?? '' }));
  return list;
}

function secret(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EdgesweepError('NATS_AUTHORIZATION', `cannot read the file with ${what}`, {
      where: file,
      expected: 'a readable file',
      got: messageOf(cause),
      fix: 'check the path and its permissions',
      cause,
    });
  }
}

function connectionError(cause: unknown, address: string): EdgesweepError {
  if (cause instanceof EdgesweepError) return cause;
  const message = describe(cause);
  if (
    cause instanceof AuthorizationError ||
    cause instanceof errors.UserAuthenticationExpiredError ||
    /authorization|authentication/i.test(message)
  ) {
    return new EdgesweepError('NATS_AUTHORIZATION', 'the nats-server rejected the credentials', {
      where: address,
      expected: 'a user that the server knows',
      got: message,
      fix: 'check --nats-user with EDGESWEEP_NATS_PASSWORD, --nats-nkey or --nats-creds against the configuration of the server',
      cause,
    });
  }
  return new EdgesweepError('NATS_UNREACHABLE', 'cannot reach the nats-server', {
    where: address,
    expected: 'a nats-server listening at that address',
    got: message,
    fix: 'check the address, the firewall and TLS (--nats-ca); start a server with `edgesweep server`',
    cause,
  });
}

function describe(cause: unknown): string {
  const message = messageOf(cause);
  const inner = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
  return `${message}${inner}`;
}

function requireVersion(nc: NatsConnection, address: string): void {
  const version = nc.info?.version ?? 'unknown';
  if (!atLeast(version, OLDEST_SERVER)) {
    throw new EdgesweepError('NATS_SERVER_TOO_OLD', 'the nats-server is too old', {
      where: address,
      expected: `version ${OLDEST_SERVER} or newer (2.12.7 or newer if others can reach it)`,
      got: version,
      fix: 'install a newer nats-server',
    });
  }
}

/** Is `version` (such as 2.10.4 or 2.11.0-RC.1) the floor or above? */
export function atLeast(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return a[i] > b[i];
  return true;
}

/** The server's refusal that an error comes from; undefined when it comes from something else. */
export function permissionViolation(error: unknown): PermissionViolationError | undefined {
  if (error instanceof PermissionViolationError) return error;
  return error instanceof Error ? permissionViolation(error.cause) : undefined;
}

function jetStreamError(cause: unknown, address: string): EdgesweepError {
  // the client throws an error that it does not export when the server says that JetStream is off
  const off =
    cause instanceof errors.NoRespondersError || (cause instanceof Error && cause.name === 'JetStreamNotEnabled');
  const denied = permissionViolation(cause) !== undefined;
  return new EdgesweepError(
    denied ? 'NATS_AUTHORIZATION' : 'NATS_JETSTREAM_OFF',
    denied ? 'this user may not use JetStream' : 'JetStream does not answer',
    {
      where: address,
      expected: 'a nats-server with JetStream, enabled for this account',
      got: off ? 'JetStream is off' : describe(cause),
      fix: denied
        ? `give the user the permissions of ${packagedFile('deploy/permissions.conf')}`
        : 'start the server with `edgesweep server`, or with -js, or add jetstream {} to its configuration',
      cause,
    },
  );
}
