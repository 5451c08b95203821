const beginning = (name: string): string => `<!-- numbers: ${name} -->`;
const END = '<!-- end of numbers -->';

/**
 * The document with other text between the marks of this name; everything else stays as it is.
 * @throws when the document has no such marks
 */
export function fill(document: string, name: string, text: string): string {
  const from = document.indexOf(beginning(name));
  const to = document.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`no \`${beginning(name)}\` ... \`${END}\` in the document`);
  return `${document.slice(0, from)}${beginning(name)}\n\n${text.trim()}\n\n${document.slice(to)}`;
}
