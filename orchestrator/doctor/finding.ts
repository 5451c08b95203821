import { oneLine } from '../../shared/mod.ts';

/** `fact`: as it is. `warning`: usable, with a limit to know of. `problem`: not usable as it is. */
export type Finding = { verdict: 'ok' | 'fact' | 'warning' | 'problem'; what: string; text: string };

const SIGNS = { ok: 'ok     ', fact: '       ', warning: 'warning', problem: 'PROBLEM' } as const;

export const describeFinding = ({ verdict, what, text }: Finding): string =>
  `${SIGNS[verdict]}  ${oneLine(what)}: ${oneLine(text)}\n`;
