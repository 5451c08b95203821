import type { Scenario } from '../scenario.ts';
import { orchestratorCut, workerCut } from './cuts.ts';
import { diskFull } from './disk.ts';
import { orchestratorKill, serverKill, storeDeleted, workerKill } from './kills.ts';
import { malformed } from './messages.ts';
import { twoOrchestrators } from './orchestrators.ts';
import { programFaults, programKills } from './programs.ts';
import { serverOfThree } from './servers.ts';
import { workerStop } from './stops.ts';
import { threadKill } from './threads.ts';
import { trainingRunKill, trainingWorkerKill } from './trainings.ts';
import { rollingUpgrade } from './upgrades.ts';

export const SCENARIOS: readonly Scenario[] = [
  workerKill,
  threadKill,
  workerStop,
  workerCut,
  orchestratorKill,
  orchestratorCut,
  twoOrchestrators,
  diskFull,
  serverKill,
  storeDeleted,
  serverOfThree,
  malformed,
  rollingUpgrade,
  trainingWorkerKill,
  trainingRunKill,
  ...programKills,
  ...programFaults,
];
