import type { Argv } from 'yargs';
import { EdgesweepError } from '../../shared/mod.ts';
import { parseTimings, type ServerOptions } from '../../shared/protocol/mod.ts';
import { parseAddresses } from '../addresses.ts';
import { at, type Surroundings } from '../commands/command.ts';

/** The flags that say how to reach a nats-server. Each has its variable, EDGESWEEP_NATS_USER for --nats-user and so on. */
export type ServerFlags = {
  nats: string | undefined;
  natsUser: string | undefined;
  natsPassword: string | undefined;
  natsNkey: string | undefined;
  natsCreds: string | undefined;
  natsCa: string | undefined;
  natsCert: string | undefined;
  natsKey: string | undefined;
};

const text = { type: 'string', requiresArg: true } as const;

/** Those that are files. */
export const SERVER_PATHS = ['natsNkey', 'natsCreds', 'natsCa', 'natsCert', 'natsKey'] as const;

export function withServerOptions(yargs: Argv): Argv {
  return yargs
    .option('nats', {
      ...text,
      describe: 'nats-server, nats://host:4222; several separated by commas  [EDGESWEEP_NATS]',
    })
    .option('nats-user', { ...text, describe: 'user  [EDGESWEEP_NATS_USER]' })
    .option('nats-password', {
      ...text,
      describe: 'password; prefer the environment variable  [EDGESWEEP_NATS_PASSWORD]',
    })
    .option('nats-nkey', { ...text, describe: 'file with an NKey seed  [EDGESWEEP_NATS_NKEY]' })
    .option('nats-creds', { ...text, describe: 'credentials file  [EDGESWEEP_NATS_CREDS]' })
    .option('nats-ca', { ...text, describe: 'CA certificate, for TLS  [EDGESWEEP_NATS_CA]' })
    .option('nats-cert', { ...text, describe: 'client certificate, for TLS  [EDGESWEEP_NATS_CERT]' })
    .option('nats-key', { ...text, describe: 'key of the client certificate  [EDGESWEEP_NATS_KEY]' });
}

/** Flags before environment; undefined when neither names a server. */
export function serverOptions(flags: ServerFlags, { env, cwd }: Surroundings): ServerOptions | undefined {
  const value = (flag: string | undefined, variable: string) => flag ?? (env[`EDGESWEEP_${variable}`] || undefined);
  // flags are resolved already
  const file = (flag: string | undefined, variable: string) => flag ?? resolved(value(undefined, variable));
  const resolved = (path: string | undefined) => path && at(cwd, path);
  const servers = value(flags.nats, 'NATS');
  if (servers === undefined) return undefined;
  return {
    servers: parseAddresses(servers, flags.nats === undefined ? 'EDGESWEEP_NATS' : '--nats'),
    user: value(flags.natsUser, 'NATS_USER'),
    password: value(flags.natsPassword, 'NATS_PASSWORD'),
    nkeyFile: file(flags.natsNkey, 'NATS_NKEY'),
    credsFile: file(flags.natsCreds, 'NATS_CREDS'),
    caFile: file(flags.natsCa, 'NATS_CA'),
    certFile: file(flags.natsCert, 'NATS_CERT'),
    keyFile: file(flags.natsKey, 'NATS_KEY'),
    ...(env.EDGESWEEP_TIMINGS && { timings: parseTimings(env.EDGESWEEP_TIMINGS) }),
  };
}

/** @throws EdgesweepError USAGE when no server is named */
export function requireServer(flags: ServerFlags, surroundings: Surroundings): ServerOptions {
  const options = serverOptions(flags, surroundings);
  if (options !== undefined) return options;
  throw new EdgesweepError('USAGE', 'no nats-server is set', {
    expected: '--nats nats://host:4222, or EDGESWEEP_NATS',
    fix: 'start a server with `edgesweep server`; it prints its address',
  });
}
