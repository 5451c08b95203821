export type { Advance, DispatchEvent, Dispatcher, Failure, TaskEnd } from './dispatcher.ts';
export { localDispatcher } from './local.ts';
