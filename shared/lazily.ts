import type { z } from 'zod';

/**
 * Builds a value when it is first asked for, and keeps it. Schemas are made so: to build all of them at every start took a seventh of the
 * time of `table`, and a command needs those of one experiment.
 */
export function lazily<Value>(build: () => Value): () => Value {
  let built: { value: Value } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}

/** What a schema that is built lazily makes of its input. */
export type Parsed<Schema extends () => z.ZodType> = z.output<ReturnType<Schema>>;
