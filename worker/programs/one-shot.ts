import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, LARGEST_LINE, lineReader, readAnswer } from './answers.ts';
import { COOKIE } from './environment.ts';
import { MachineFault } from './failure.ts';
import type { Asker, Launch, OnStep, Question, Reply } from './launch.ts';
import { ProgramProcess } from './process.ts';
import { badAnswer, faultOf, saidFailure } from './verdict.ts';
import { Watch } from './watch.ts';

/** A process for each question. It reads EDGESWEEP_IN, and answers on descriptor 3 or in EDGESWEEP_OUT. */
export function oneShot(launch: Launch): Asker {
  let running: ProgramProcess | undefined;
  return {
    async ask(question, log, onStep) {
      const { spec, command, env, scratch, grace } = launch;
      const folder = join(scratch, 'work');
      rmSync(scratch, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const [input, output] = [join(scratch, 'in.json'), join(scratch, 'out.json')];
      writeFileSync(input, `${JSON.stringify(question)}\n`);
      const cookie = launch.cookie();
      const answers = collectAnswers(question, onStep);
      const process = new ProgramProcess({
        command,
        cwd: folder,
        env: { ...env, EDGESWEEP_MODE: 'one-shot', EDGESWEEP_IN: input, EDGESWEEP_OUT: output, [COOKIE]: cookie },
        log: log.descriptor,
        asked: false,
        grace,
        onLine: answers.onLine,
      });
      running = process;
      const watch = new Watch(process, spec.name, spec.settings);
      try {
        const exit = await process.ended;
        if (process.startError !== undefined)
          throw new MachineFault(`the program \`${spec.name}\` cannot be started: ${process.startError.message}`);
        if (watch.failure !== undefined) throw watch.failure;
        readOutput(output, answers.onLine);
        return answers.reply(spec.name, exit.code === 0 ? undefined : faultOf(spec.name, exit), () =>
          faultOf(spec.name, exit),
        );
      } finally {
        watch.stop();
        running = undefined;
        launch.onEnd(cookie);
      }
    },
    async close() {
      await running?.kill();
      rmSync(launch.scratch, { recursive: true, force: true });
    },
  };
}

/** The lines of EDGESWEEP_OUT, where the program has made that file. */
function readOutput(path: string, onLine: (line: string) => void): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile() || stats.size > 64 * LARGEST_LINE) {
    onLine('EDGESWEEP_OUT is no file, or too large a one');
    return;
  }
  const lines = lineReader(onLine);
  lines.push(readFileSync(path, 'utf8'));
  lines.end();
}

/** The answers of one process; exactly one of them has to be a result. */
function collectAnswers({ id }: Question, onStep: OnStep) {
  const results: Extract<Answer, { type: 'result' | 'failure' }>[] = [];
  let problem: string | undefined;
  return {
    onLine(line: string): void {
      const answer = readAnswer(line);
      if (answer.type === 'garbage') problem ??= answer.problem;
      else if (answer.type === 'hello') return;
      else if (answer.id !== undefined && answer.id !== id) problem ??= `an answer to ${answer.id}, when asked ${id}`;
      else if (answer.type === 'step') problem ??= onStep(answer.step, answer.values);
      else results.push(answer);
    },
    /** @param fault of its end, where that was not exit code 0 */
    reply(name: string, fault: Error | undefined, none: () => Error): Reply {
      const [first, second] = results;
      if (first?.type === 'failure') throw saidFailure(name, first.error, first.retry);
      if (fault !== undefined) throw fault;
      if (problem !== undefined) throw badAnswer(name, problem);
      if (first === undefined) throw none();
      if (second !== undefined) throw badAnswer(name, `${results.length} results`);
      return first;
    },
  };
}
