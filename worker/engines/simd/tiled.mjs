/** What the generators of kernels are written with. */

export const range = (n) => Array.from({ length: n }, (_, i) => i);
export const lines = (items, f) => items.map(f).join('\n');

/** Loops over the whole range of `name` in steps of the first shape's size, then over the rest in steps of the next, ... */
export function tiled(name, count, shapes, body) {
  const loop = (shape) => {
    const [size] = [shape].flat();
    return `for (; ${name} + ${size} <= ${count}; ${name} += ${size}) {\n${body([shape].flat(1))}\n}`;
  };
  return `{ let ${name}: i32 = 0;\n${lines(shapes, loop)}\n}`;
}
