export type { DispatchEvent, Dispatcher, Failure } from './dispatcher.ts';
export { localDispatcher } from './local.ts';
