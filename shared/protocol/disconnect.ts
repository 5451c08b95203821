import type { Cluster } from './connect.ts';

/** How long what was published last may take to reach the server, in milliseconds. */
const DRAIN_MS = 2000;

/** Ends the connection once everything is sent, or when the server is away. */
export async function disconnect({ nc }: Cluster): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([nc.drain().catch(() => {}), late]);
  clearTimeout(timer);
  await nc.close();
}
