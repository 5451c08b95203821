import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));
const FOLDER = `${DEPLOY}/kubernetes`;

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

/** deploy/compose.yaml, with what its services share. */
export const compose = (): Record<string, unknown> =>
  parse(readFileSync(`${DEPLOY}/compose.yaml`, 'utf8'), { merge: true }) as Record<string, unknown>;
