export { describeFinding, type Finding } from './finding.ts';
export { examineMachine } from './machine.ts';
export { examinePrograms } from './programs.ts';
export { examineServer } from './server.ts';
