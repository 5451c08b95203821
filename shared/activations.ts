/** What is known of an activation function besides its formula. */
export type ActivationFacts = {
  /**
   * Typical maximal step size on the thesis's ladder (Table 4.1 where it has the activation, else that of the most similar one).
   * Only expected costs depend on it.
   */
  typicalStepSize: number;
};

/** Every activation function. The engines hold the formulas, by these names. */
export const ACTIVATION_FACTS = {
  linear: { typicalStepSize: 0.4 },
  tanh: { typicalStepSize: 3.1 },
  relu: { typicalStepSize: 2.3 },
  sigmoid: { typicalStepSize: 12.5 },
  'leaky-relu': { typicalStepSize: 2.3 },
  elu: { typicalStepSize: 2.3 },
  softplus: { typicalStepSize: 2.3 },
  gelu: { typicalStepSize: 2.3 },
} as const satisfies Record<string, ActivationFacts>;

export type Activation = keyof typeof ACTIVATION_FACTS;
export const ACTIVATIONS = Object.keys(ACTIVATION_FACTS) as [Activation, ...Activation[]];
