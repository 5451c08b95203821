export function splitList(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

/** A yargs option whose value is a list with commas: `--by depth,width`. */
export const listOption = { type: 'string', requiresArg: true, coerce: splitList } as const;
