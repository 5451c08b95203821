import { outOfMemoryKills } from './descendants.ts';
import { MachineFault, ProgramFailure } from './failure.ts';
import { describeExit, type Exit } from './process.ts';
import { tellingLine } from './telling-line.ts';

/** The exit code with which a program says that the machine is at fault, not the task (EX_TEMPFAIL of sysexits.h). */
const TRY_ELSEWHERE = 75;

const SEE_LOG = '`edgesweep why TASK` shows its log';

let knownKills = outOfMemoryKills();

/** Why a process that has ended by itself left its task without a result. */
export function faultOf(name: string, exit: Exit): ProgramFailure | MachineFault {
  if (exit.code === TRY_ELSEWHERE)
    return new MachineFault(`the program \`${name}\` ended with exit code 75: not on this machine`);
  if (exit.signal !== null) {
    const kills = outOfMemoryKills();
    const isOutOfMemory = exit.signal === 'SIGKILL' && kills > knownKills;
    knownKills = kills;
    const why = isOutOfMemory ? ' because the machine ran out of memory' : '';
    return new MachineFault(`the program \`${name}\` ${describeExit(exit)}${why}`);
  }
  return new ProgramFailure('PROGRAM_FAILED', `the program \`${name}\` ${describeExit(exit)} and gave no result`, {
    expected: 'exit code 0 and one result',
    fix:
      exit.code === 0
        ? 'write the result as a line of JSON to file descriptor 3, or into the file that EDGESWEEP_OUT names'
        : SEE_LOG,
  });
}

export const badAnswer = (name: string, got: string): ProgramFailure =>
  new ProgramFailure('PROGRAM_FAILED', `the program \`${name}\` gave an invalid answer`, {
    expected: 'one line of JSON: an object of finite numbers, such as {"loss": 0.25}',
    got,
    fix: 'print to standard output or standard error instead; file descriptor 3 is for results',
  });

export const saidFailure = (name: string, error: string, retry: boolean): ProgramFailure | MachineFault =>
  retry
    ? new MachineFault(`the program \`${name}\` asks for another machine: ${error}`)
    : new ProgramFailure('PROGRAM_FAILED', `the program \`${name}\` failed: ${tellingLine(error)}`, {
        fix: SEE_LOG,
      });
