/**
 * Version of what orchestrators and worker nodes say to each other: subjects, and the form of tasks, results, heartbeats and the list of
 * sweeps. Raise it when one of the version before would misread or refuse a message of this one. What one may leave out and the other ignores
 * needs no new version, nor do new values of a task (an activation, say): a node leaves tasks that it cannot read to newer ones.
 *
 * 2: results of trajectories have `test`, the loss and accuracy on test examples, where these are measured.
 */
export const PROTOCOL_VERSION = 2;

/** Versions whose tasks a node of this version computes and answers in their form: its own, and earlier ones. */
export const KNOWN_PROTOCOLS: readonly number[] = [PROTOCOL_VERSION];
