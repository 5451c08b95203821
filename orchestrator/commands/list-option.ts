/** The items of a list option, written with commas, in several options, or both. */
export function splitList(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(',')).map((item) => item.trim());
}

/** A yargs option whose value is a list: `--by depth,width`. Its name goes into `REPEATABLE` of cli.ts. */
export const listOption = { type: 'string', array: true, nargs: 1, requiresArg: true } as const;
