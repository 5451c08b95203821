import { scopesOf } from '../../../../shared/mod.ts';
import { NOTHING, type StartGauge } from '../point.ts';

export const preconditioned: StartGauge = ({ cell: { depth, trajectory } }) => {
  const blocks = scopesOf(depth, trajectory.layers);
  return ({ eigenpairs }) => {
    eigenpairs('preconditioned', blocks);
    return NOTHING;
  };
};
