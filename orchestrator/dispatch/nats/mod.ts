export { forgetSweep, sendDetached } from './detach.ts';
export { type NatsDispatcherOptions, natsDispatcher } from './dispatcher.ts';
