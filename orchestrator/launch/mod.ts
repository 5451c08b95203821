export { hostsSchema, loadNodes, type Node } from './hosts.ts';
export { keepNode, type NodeEvent } from './keep.ts';
export { inputOf, variablesOf, workerWords } from './remote.ts';
export { sshWords } from './ssh.ts';
