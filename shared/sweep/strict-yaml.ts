import type { z } from 'zod';
import type { ErrorCode } from '../error-codes.ts';
import { EdgesweepError } from '../errors.ts';
import { parseSweepText } from './document.ts';
import { problemsOf } from './issues.ts';
import { type Path, refuse } from './problems.ts';

/**
 * YAML of a schema that is no sweep, with the same messages: every problem with `file:line:column` and a suggestion.
 * @param isSecret whether the value at a path may be a secret: then no message shows it
 * @throws EdgesweepError with that code
 */
export function parseStrictYaml<Value>(
  text: string,
  file: string,
  schema: z.ZodType<Value>,
  code: ErrorCode,
  isSecret: (path: Path) => boolean = () => false,
): Value {
  try {
    const document = parseSweepText(text, file);
    const parsed = schema.safeParse(document.value);
    if (parsed.success) return parsed.data;
    const problems = problemsOf(parsed.error.issues, document.value).map((problem) =>
      isSecret(problem.path) && problem.atKey !== true ? { ...problem, got: 'a value that is not shown' } : problem,
    );
    refuse(problems, file, ({ path, atKey }) => document.where(path, atKey));
    throw parsed.error;
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    throw new EdgesweepError(code, error.message.replace('the sweep file', 'the file'), error.details);
  }
}
