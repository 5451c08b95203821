/** nats://user:password@host -> nats://host */
export function withoutSecrets(server: string): string {
  return server.replace(/\/\/[^@/]*@/, '//');
}
