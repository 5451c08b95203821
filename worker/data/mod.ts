export { syntheticRegression } from './synthetic.ts';
