import { EdgesweepError, messageOf, packagedFile } from '../../shared/mod.ts';
import {
  atLeast,
  type Cluster,
  connectCluster,
  LARGEST_MESSAGE,
  type ServerOptions,
  STREAMS,
} from '../../shared/protocol/mod.ts';
import { examineClock } from './clock.ts';
import type { Finding } from './finding.ts';
import { examinePermissions } from './permissions.ts';
import { examineStreams } from './streams.ts';

/** From here on the advisories known when this was written are dealt with. */
const SAFE_SERVER = '2.12.7';
const MB = 2 ** 20;

/** @throws EdgesweepError when there is no server, or none that can be used */
export async function examineServer(options: ServerOptions): Promise<Finding[]> {
  const cluster = await connectAsEither(options);
  try {
    return [
      ...version(cluster),
      encryption(cluster, options),
      await limits(cluster),
      ...messages(cluster),
      durability(cluster),
      await copies(cluster),
      await examineStreams(cluster),
      ...(await examinePermissions(cluster)),
      await examineClock(cluster),
    ];
  } finally {
    await cluster.nc.close();
  }
}

/** Users of workers cannot read the inboxes of orchestrators, nor the other way round. */
async function connectAsEither(options: ServerOptions): Promise<Cluster> {
  try {
    return await connectCluster(options, 'orchestrator', 'edgesweep doctor');
  } catch (error) {
    if (!(error instanceof EdgesweepError) || error.code !== 'NATS_AUTHORIZATION') throw error;
    return connectCluster(options, 'worker', 'edgesweep doctor').catch(() => {
      throw error;
    });
  }
}

const versionOf = ({ nc }: Cluster): string => nc.info?.version ?? '0.0.0';

function version(cluster: Cluster): Finding[] {
  const number = versionOf(cluster);
  const text = `nats-server ${number} at ${cluster.nc.getServer()}`;
  const safe = atLeast(number, SAFE_SERVER);
  const what = 'server';
  if (safe) return [{ verdict: 'ok', what, text }];
  return [
    { verdict: 'ok', what, text },
    {
      verdict: 'warning',
      what: 'security',
      text: `${number} is older than ${SAFE_SERVER} and lacks fixes for known vulnerabilities, some in authentication: use it only on loopback and trusted networks`,
    },
  ];
}

function encryption({ nc }: Cluster, { caFile, certFile }: ServerOptions): Finding {
  const what = 'encryption';
  if (nc.info?.tls_required || nc.info?.tls_verify) {
    const checked = caFile === undefined ? "this machine's certificate authorities" : `the authority of ${caFile}`;
    const client = nc.info.tls_verify
      ? ', client certificates required'
      : certFile === undefined
        ? ''
        : ', with a client certificate';
    return { verdict: 'ok', what, text: `TLS, checked against ${checked}${client}` };
  }
  const local = /^(127\.|localhost|\[?::1)/.test(nc.getServer());
  if (local) return { verdict: 'fact', what, text: 'none, on loopback' };
  return {
    verdict: 'warning',
    what,
    text: `none: passwords and results can be read in transit; see ${packagedFile('deploy/README.md')}`,
  };
}

/** Unlimited is -1. */
const amount = (bytes: number): string =>
  bytes < 0 ? 'unlimited' : `${(bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0)} MB`;

async function limits({ jsm }: Cluster): Promise<Finding> {
  const what = 'JetStream';
  try {
    const { storage, memory, streams, consumers, limits } = await jsm.getAccountInfo();
    const text =
      `${amount(storage)} of ${amount(limits.max_storage)} on disk, ${amount(memory)} of ${amount(limits.max_memory)} in memory; ` +
      `${streams} streams (limit: ${limits.max_streams < 0 ? 'none' : limits.max_streams}), ` +
      `${consumers} consumers (limit: ${limits.max_consumers < 0 ? 'none' : limits.max_consumers}); an account without a limit has that of the server`;
    const full = limits.max_storage >= 0 && storage > 0.9 * limits.max_storage;
    return { verdict: full ? 'warning' : 'ok', what, text: full ? `${text}; nearly full` : text };
  } catch (error) {
    return { verdict: 'warning', what, text: `its limits cannot be read: ${messageOf(error)}` };
  }
}

/** Parts of series are the longest messages, half of what is asked for here. */
function messages({ nc }: Cluster): Finding[] {
  const most = nc.info?.max_payload ?? LARGEST_MESSAGE;
  if (most >= LARGEST_MESSAGE) return [];
  const text = `the server accepts messages of up to ${most} bytes, but edgesweep sends up to ${LARGEST_MESSAGE}: raise its max_payload`;
  return [{ verdict: 'warning', what: 'messages', text }];
}

/** What a power failure may take; a killed process takes nothing that was acknowledged. */
function durability(cluster: Cluster): Finding {
  const when = atLeast(versionOf(cluster), '2.10.0')
    ? 'every 2 minutes, unless its configuration sets sync_interval'
    : 'every 2 minutes, which is fixed in this version';
  return {
    verdict: 'warning',
    what: 'not guaranteed',
    text:
      `the server flushes to disk ${when}: a power failure or a system crash may lose results acknowledged since then. ` +
      'Sweep directories lose nothing; missing results are recomputed',
  };
}

async function copies({ nc, jsm }: Cluster): Promise<Finding> {
  const what = 'copies';
  const clustered = nc.info?.cluster !== undefined;
  const text = clustered ? `cluster ${nc.info?.cluster}` : 'one server: everything waits while it is down';
  try {
    const { config } = await jsm.streams.info(STREAMS.results);
    const each = `${config.num_replicas} of each stream`;
    const few = clustered && config.num_replicas < 3;
    return {
      verdict: few ? 'warning' : 'fact',
      what,
      text: few ? `${text}, ${each}: losing one server may stop everything; use --nats-replicas 3` : `${text}, ${each}`,
    };
  } catch {
    return { verdict: 'fact', what, text: `${text}; no sweep has been sent yet, or this user may not read streams` };
  }
}
