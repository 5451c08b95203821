export {
  atLeast,
  type Cluster,
  connectCluster,
  permissionViolation,
  type ServerOptions,
} from './connect.ts';
export { disconnect } from './disconnect.ts';
export * from './files.ts';
export * from './messages.ts';
export * from './names.ts';
export { type Published, publishOnce } from './publish.ts';
export { sweepKey } from './sweep-key.ts';
export { parseTimings, TIMINGS, type Timings } from './timings.ts';
export type { TlsFiles } from './tls.ts';
export { KNOWN_PROTOCOLS, PROTOCOL_VERSION } from './version.ts';
