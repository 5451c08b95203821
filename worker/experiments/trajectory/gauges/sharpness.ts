import { scopesOf } from '../../../../shared/mod.ts';
import { NOTHING, type StartGauge } from '../point.ts';

export const sharpness: StartGauge = ({ cell: { depth, trajectory } }) => {
  const blocks = scopesOf(depth, trajectory.layers);
  return ({ eigenpairs }) => {
    eigenpairs('hessian', blocks);
    return NOTHING;
  };
};
