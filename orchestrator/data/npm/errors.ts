import { EdgesweepError } from '../../../shared/mod.ts';
import { diskError } from '../../directory/mod.ts';

export function npmMissing(cause: Error): EdgesweepError {
  return new EdgesweepError('DATA_UNREACHABLE', 'cannot start npm', {
    expected: 'npm on PATH',
    got: cause.message,
    fix: 'install npm, which comes with Node, or use another source with --from',
    cause,
  });
}

export function damagedPackage(message: string, got: string): EdgesweepError {
  return new EdgesweepError('DATA_DAMAGED', message, {
    expected: 'an archive of files and folders, as npm makes it',
    got,
    fix: 'rerun, or use another source with --from',
  });
}

const FIXES: Record<string, string> = {
  E401: 'log in to the registry (`npm login`), or correct the credentials in .npmrc',
  E403: 'log in to the registry (`npm login`), or correct the credentials in .npmrc',
  E404: 'use a registry that has the package (`npm config get registry`)',
  ETARGET: 'use a registry that has this version of the package (`npm config get registry`)',
};

/**
 * Why `npm pack` has failed, from what it wrote to standard error.
 * @param spec name@version
 */
export function npmError(spec: string, stderr: string, folder: string): EdgesweepError {
  // `npm ERR!` up to npm 10.6
  const lines = stderr.split('\n').flatMap((line) => /^npm (?:error|ERR!) ?(.*)$/.exec(line)?.[1] ?? []);
  const code = lines.map((line) => /^code (\S+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  const got = lines
    .filter((line) => line !== '' && !line.startsWith('A complete log of this run'))
    .join('\n            ');
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return diskError(Object.assign(new Error(got), { code }), `npm cannot store ${spec}`, folder);
  }
  if (code === 'EINTEGRITY') {
    return new EdgesweepError('DATA_DIFFERS', `the archive of ${spec} differs from the registry's checksum`, {
      got,
      fix: 'rerun; if that does not help, report it to the operator of the registry',
    });
  }
  // npm reads the archive to list what is in it
  if (code !== undefined && /^(Z|TAR)_/.test(code)) return damagedPackage(`the archive of ${spec} is damaged`, got);
  return new EdgesweepError('DATA_UNREACHABLE', `npm cannot download ${spec}`, {
    expected: "an answer of npm's registry (`npm config get registry`)",
    got: got === '' ? 'npm gave no reason' : got,
    fix: FIXES[code ?? ''] ?? 'check that npm can reach its registry (`npm ping`), or use another source with --from',
  });
}
