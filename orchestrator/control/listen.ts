import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { controlPath, removeSocket } from '../directory/mod.ts';
import { LONGEST, type RunAnswer, type RunRequest, requestSchema } from './messages.ts';
import { socketPath } from './socket-path.ts';

/** A connection that says nothing is closed after this time, in milliseconds. */
const PATIENCE = 2000;

/**
 * Listens on the socket of a sweep directory, which only this user may open, until it is closed. The run waits for nobody: where the file system
 * has no sockets, or a file of that name is there, the run cannot be asked for anything and goes its way.
 * @param act does what a request asks for, at once
 * @returns ends it and removes the socket; called while the directory is still locked
 */
export function listenForRequests(directory: string, act: (request: RunRequest) => RunAnswer): () => void {
  if (!removeSocket(controlPath(directory))) return () => {};
  const { path, release } = socketPath(directory);
  const server = createServer((socket) => answer(socket, act));
  // errors of listening and accepting: nothing depends on it
  server.on('error', () => {});
  // the run ends when its work does
  server.unref();
  try {
    server.listen(path);
    // Until here whoever may write to the journal could connect, since both have the permissions that the umask leaves.
    chmodSync(path, 0o600);
  } catch {}
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    // removes the socket too, at once
    server.close();
    release();
  };
}

function answer(socket: Socket, act: (request: RunRequest) => RunAnswer): void {
  let text = '';
  socket.unref();
  socket.setEncoding('utf8');
  socket.setTimeout(PATIENCE, () => socket.destroy());
  socket.on('error', () => {});
  socket.on('data', (part: string) => {
    text += part;
    if (text.length > LONGEST) socket.destroy();
    else if (text.includes('\n')) {
      const request = requestIn(text);
      if (request === undefined) socket.destroy();
      else socket.end(`${JSON.stringify(act(request))}\n`);
    }
  });
}

function requestIn(text: string): RunRequest | undefined {
  try {
    return requestSchema.safeParse(JSON.parse(text.slice(0, text.indexOf('\n')))).data;
  } catch {
    return undefined;
  }
}
