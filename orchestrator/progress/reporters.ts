import cliProgress from 'cli-progress';
import { duration } from '../../shared/mod.ts';
import type { Progress } from '../api/types.ts';
import type { Reporter } from './progress.ts';

/** Between two plain lines of progress, in seconds: the first soon, so that a user sees that something happens. */
const LINE_SECONDS = 10;

/** In whole seconds, rounded up; unknown before the first outcome. */
const whole = (seconds: number | null): string => (seconds === null ? '?' : duration(Math.ceil(seconds)));

function counts({ done, failed, total, iterations }: Progress): string {
  const within = iterations === undefined ? '' : `, ${iterations.done}/${iterations.total} iterations`;
  return `${done}/${total} tasks${failed > 0 ? `, ${failed} failed` : ''}${within}`;
}

function summary(standing: Progress): string {
  const { rate, left, crew } = standing;
  if (left === null) return `${counts(standing)} (${crew})`;
  if (standing.iterations !== undefined) return `${counts(standing)}, ${whole(left)} left (${crew})`;
  return `${counts(standing)}, ${rate.toFixed(rate < 10 ? 1 : 0)} a second, ${whole(left)} left (${crew})`;
}

const conclusion = (standing: Progress): string => `${counts(standing)} in ${whole(standing.seconds)}`;

/** A bar that redraws itself, for terminals. */
export function barReporter(stream: NodeJS.WritableStream, color: boolean): Reporter {
  const bar = new cliProgress.SingleBar({
    stream,
    hideCursor: true,
    clearOnComplete: true,
    // the library's own guess of the time left counts tasks, ours their cost
    format: (options, params, { text }) => {
      const drawing = cliProgress.Format.BarFormat(params.progress, options);
      return `${color ? `\u001b[36m${drawing}\u001b[39m` : drawing} ${text}`;
    },
    barsize: 16,
    barCompleteChar: color ? '█' : '#',
    barIncompleteChar: color ? '░' : '.',
  });
  let last: Progress | undefined;
  const along = ({ iterations, total, done }: Progress) => iterations ?? { total, done };
  const draw = (standing: Progress) =>
    bar.start(along(standing).total, along(standing).done, { text: summary(standing) });
  return {
    start(standing) {
      last = standing;
      draw(standing);
    },
    update(standing) {
      last = standing;
      bar.update(along(standing).done, { text: summary(standing) });
    },
    note(text) {
      // the bar clears its line and starts anew below: in the end it returns the cursor to where it started
      if (last !== undefined) bar.stop();
      stream.write(`${text}\n`);
      if (last !== undefined) draw(last);
    },
    finish(standing) {
      bar.stop();
      last = undefined;
      stream.write(`${conclusion(standing)}\n`);
    },
  };
}

/** A plain line now and then, for pipes and logs. */
export function lineReporter(stream: NodeJS.WritableStream, now: () => number): Reporter {
  let last = 0;
  const write = (text: string) => stream.write(`${text}\n`);
  return {
    start(standing) {
      last = now();
      write(summary(standing));
    },
    update(standing) {
      if (now() - last < LINE_SECONDS * 1000) return;
      last = now();
      write(summary(standing));
    },
    note: write,
    finish: (standing) => write(conclusion(standing)),
  };
}

/** One JSON object a line, for programs. */
export function jsonReporter(stream: NodeJS.WritableStream): Reporter {
  const write = (event: object) => stream.write(`${JSON.stringify(event)}\n`);
  return {
    start: (standing) => write({ event: 'start', ...standing }),
    update: (standing) => write({ event: 'progress', ...standing }),
    note: (message) => write({ event: 'note', message }),
    finish: (standing) => write({ event: 'end', ...standing }),
  };
}

/** Nothing but what the user must know. */
export function quietReporter(stream: NodeJS.WritableStream): Reporter {
  return { start() {}, update() {}, note: (text) => stream.write(`${text}\n`), finish() {} };
}
