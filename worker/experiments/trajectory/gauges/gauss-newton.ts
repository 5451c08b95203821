import { scopesOf } from '../../../../shared/mod.ts';
import { NOTHING, type StartGauge } from '../point.ts';

export const gaussNewton: StartGauge = ({ cell: { depth, trajectory } }) => {
  const blocks = scopesOf(depth, trajectory.layers);
  return ({ eigenpairs }) => {
    eigenpairs('gaussNewton', blocks);
    return NOTHING;
  };
};
