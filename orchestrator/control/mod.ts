export { askRun, isListening } from './ask.ts';
export { type ControlledRun, controlRun, type Gate } from './control-run.ts';
export { RUN_ACTIONS, type RunAction, type RunAnswer, type RunStanding } from './messages.ts';
