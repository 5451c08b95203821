import { metricName } from '../../shared/experiments/program.ts';
import { type Json, MOST_METRICS } from '../../shared/mod.ts';

/** Bytes of a line of a program's answer, at most. */
export const LARGEST_LINE = 2 ** 20;

/** One line of a program's answer. */
export type Answer =
  | { type: 'hello'; protocol: number }
  | { type: 'step'; id: string | undefined; step: number; values: Record<string, number | null> }
  | { type: 'result'; id: string | undefined; values: Record<string, number>; diverged: boolean | undefined }
  | { type: 'failure'; id: string | undefined; error: string; retry: boolean }
  /** a line that is none of these */
  | { type: 'garbage'; problem: string };

const show = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}...` : text);
const garbage = (problem: string): Answer => ({ type: 'garbage', problem });

/** Reads a line. It never throws: an invalid line is data too. */
export function readAnswer(line: string): Answer {
  if (Buffer.byteLength(line) > LARGEST_LINE) return garbage(`a line of more than ${LARGEST_LINE} bytes`);
  let value: Json;
  try {
    value = JSON.parse(line);
  } catch {
    const hint = /\b(NaN|-?Infinity)\b/.test(line) ? '; JSON has no NaN and no Infinity' : '';
    return garbage(`not JSON: ${show(line)}${hint}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return garbage(`not an object: ${show(line)}`);
  const { id, ok, error, retry, diverged, step, protocol, ...rest } = value;
  if (id !== undefined && typeof id !== 'string') return garbage(`an \`id\` that is no text: ${show(line)}`);
  if (protocol !== undefined) {
    return typeof protocol === 'number'
      ? { type: 'hello', protocol }
      : garbage(`a \`protocol\` that is no number: ${show(line)}`);
  }
  if (ok !== false && typeof error === 'number')
    return garbage(`a number named \`error\`, which says that a task failed; choose another name: ${show(line)}`);
  if (ok === false || error !== undefined) {
    const text = typeof error === 'string' ? error : error === undefined ? 'it did not say why' : JSON.stringify(error);
    return { type: 'failure', id, error: text.slice(0, 64 * 1024), retry: retry === true };
  }
  if (step !== undefined) {
    if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > 2 ** 31 - 1)
      return garbage(`a \`step\` that is no whole number from 0: ${show(line)}`);
    const problem = problemOf(rest, true);
    return problem === undefined
      ? { type: 'step', id, step, values: rest as Record<string, number | null> }
      : garbage(problem);
  }
  if (diverged !== undefined && typeof diverged !== 'boolean')
    return garbage(`\`diverged\` is neither true nor false: ${show(line)}`);
  const problem = problemOf(rest, false);
  if (problem !== undefined) return garbage(problem);
  return { type: 'result', id, values: rest as Record<string, number>, diverged };
}

function problemOf(values: Record<string, Json>, isStep: boolean): string | undefined {
  const entries = Object.entries(values);
  if (entries.length > MOST_METRICS) return `${entries.length} metrics, more than ${MOST_METRICS}`;
  for (const [name, value] of entries) {
    if (!metricName().safeParse(name).success) return `a metric named ${JSON.stringify(show(name))}`;
    if (isStep && value === null) continue;
    if (typeof value !== 'number' || !Number.isFinite(value))
      return `the metric \`${name}\` is no number: ${show(JSON.stringify(value) ?? '')}`;
  }
  return undefined;
}

/** Splits text into lines. A line that grows too long is passed on up to there, and its rest is dropped. */
export function lineReader(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  let dropping = false;
  return {
    push(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        const line = rest + text.slice(from, at);
        rest = '';
        from = at + 1;
        if (!dropping && line.trim() !== '') onLine(line);
        dropping = false;
      }
      if (dropping) return;
      rest += text.slice(from);
      if (rest.length <= LARGEST_LINE) return;
      onLine(rest);
      rest = '';
      dropping = true;
    },
    end() {
      if (!dropping && rest.trim() !== '') onLine(rest);
      rest = '';
    },
  };
}
