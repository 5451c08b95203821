import { useState } from 'preact/hooks';
import { saveFile } from './save.ts';

/** A format to save something in: an address of the server, or what the page makes itself. */
export type Export = { label: string; file: string } & ({ href: string } | { make(): Blob | Promise<Blob> });

export function Exports({ what, formats }: { what: string; formats: readonly Export[] }) {
  const [problem, setProblem] = useState('');
  const save = async (file: string, make: () => Blob | Promise<Blob>) => {
    try {
      saveFile(file, await make());
      setProblem('');
    } catch {
      setProblem('the browser cannot make this file');
    }
  };
  if (formats.length === 0) return null;
  return (
    <p class="exports">
      save {what} as{' '}
      {formats.map((format) =>
        'href' in format ? (
          <a key={format.label} href={format.href} download={format.file}>
            {format.label}
          </a>
        ) : (
          <button key={format.label} type="button" class="link" onClick={() => void save(format.file, format.make)}>
            {format.label}
          </button>
        ),
      )}
      <span role="status">{problem}</span>
    </p>
  );
}
