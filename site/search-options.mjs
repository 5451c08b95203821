/**
 * How the search of the site reads and ranks, on top of VitePress's defaults. The page runs both functions from their text, so they use nothing
 * from outside.
 */
export const searchOptions = {
  fuzzy: 0.2,
  prefix: true,
  // what is typed is searched for as it is
  tokenize: (text) => text.split(/[^\p{L}\p{N}_]+/u),
  boost: { title: 4, text: 2, titles: 1 },
  // what readers do comes before what it rests on, and that before what was measured, decided and changed
  boostDocument(id) {
    if (/docs\/(sweeps|commands|how-to\/[\w-]+)\.html/.test(id)) return 2;
    return /deploy\/|docs\/(tutorial|reference\/[\w-]+|trajectories|survival|maps|programs|models|data|figures|page|numerics|native|cluster|tfjs|dump)\.html/.test(
      id,
    )
      ? 1
      : 0.4;
  },
};

/** Codes such as NATS_UNREACHABLE are one word; keys such as batchSize are found by their parts too. */
export function tokenize(text) {
  return text
    .split(/[^\p{L}\p{N}_]+/u)
    .flatMap((word) => (/[a-z][A-Z]/.test(word) ? [word, ...word.split(/(?=[A-Z])/)] : [word]));
}
