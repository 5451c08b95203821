import { SHARPNESS_GRADIENT_NORM, sharpeningColumns } from '../../../../shared/mod.ts';
import { eigenvalueGradient } from '../../../eigen/mod.ts';
import type { StartGauge } from '../point.ts';

/** Products and evaluations of an `eigenvalueGradient`. */
const PRODUCTS = 4;

/**
 * Of the top eigenvector u, |u| = 1, the share |u_l|^2 of each layer l. Under gradient flow the sharpness changes at the rate
 * -<grad L, grad lambda>, grad lambda = D3L[u, u]; -<grad_l L, grad_l lambda> is what layer l adds to it, and the sum over layers is the
 * rate of the network. The estimated error is sum_i |g_i| error_i of the gradient of lambda: that of a finite difference, not what the
 * residual of u adds.
 *
 * It does not move the training's objective, but has one of its own.
 */
export const sharpening: StartGauge = ({ engine, problem }) => {
  const elsewhere = engine.objective(problem);
  return ({ w, ofAll, eigenpairs }) => {
    const [{ vector }] = eigenpairs('hessian', ['all']);
    const { gradient } = ofAll();
    const rise = eigenvalueGradient(elsewhere, w, vector);
    const columns: Record<string, number> = {};
    const whole = { rate: 0, error: 0, squares: 0 };
    for (const [l, { offset, length }] of elsewhere.blocks.entries()) {
      let [mass, rate, error] = [0, 0, 0];
      for (let i = offset; i < offset + length; i++) {
        mass += vector[i] * vector[i];
        rate -= gradient[i] * rise.gradient[i];
        error += Math.abs(gradient[i]) * rise.error[i];
        whole.squares += rise.gradient[i] * rise.gradient[i];
      }
      const names = sharpeningColumns(l);
      columns[names.mass] = mass;
      columns[names.rate] = rate;
      columns[names.error] = error;
      whole.rate += rate;
      whole.error += error;
    }
    const names = sharpeningColumns('all');
    columns[names.rate] = whole.rate;
    columns[names.error] = whole.error;
    columns[SHARPNESS_GRADIENT_NORM] = Math.sqrt(whole.squares);
    return { columns, products: PRODUCTS };
  };
};
