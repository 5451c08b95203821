import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const FOLDER = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url));

export type Manifest = { apiVersion: string; kind: string; [key: string]: unknown };

/** All documents of deploy/kubernetes. */
export const manifests = (): Manifest[] =>
  readdirSync(FOLDER)
    .sort()
    .flatMap((name) =>
      parseAllDocuments(readFileSync(`${FOLDER}/${name}`, 'utf8')).map((document) => document.toJS() as Manifest),
    );

/** The name of a kind's schema in schemas.json. */
export const schemaName = ({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): string =>
  `${apiVersion} ${kind}`;
