import type { Json } from '../../shared/mod.ts';
import type { TaskLog } from './log.ts';
import type { ProgramSpec } from './spec.ts';

/** How a slot starts processes of one program. */
export type Launch = {
  spec: ProgramSpec;
  /** full paths */
  command: readonly string[];
  /** of the slot; each process adds its own cookie */
  env: NodeJS.ProcessEnv;
  /** a new cookie for each process */
  cookie(): string;
  /** a folder to work in, which is emptied for each process */
  scratch: string;
  grace: number;
  /** called with the cookie of each process that has ended, so that processes that left its group are ended too */
  onEnd(cookie: string): void;
};

/** The task as a program reads it. */
export type Question = {
  id: string;
  params: Record<string, Json>;
  run: number;
  /** of the sweep */
  seed: number;
  /** 32 bits that differ from run to run and from seed to seed: for the program's generators */
  random: number;
  /** of a search */
  rung?: number;
  /** a folder of the task that survives a kill; absent unless the sweep asks for it */
  folder?: string;
};

export type Reply = { values: Record<string, number>; diverged: boolean | undefined };

export type OnStep = (step: number, values: Readonly<Record<string, number | null>>) => string | undefined;

/** Asks a program, whatever its mode. @throws ProgramFailure, MachineFault */
export type Asker = {
  ask(question: Question, log: TaskLog, onStep: OnStep): Promise<Reply>;
  close(): Promise<void>;
};
