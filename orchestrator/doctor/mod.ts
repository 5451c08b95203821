export { describeFinding, type Finding } from './finding.ts';
export { examineMachine } from './machine.ts';
export { examineServer } from './server.ts';
