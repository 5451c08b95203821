/** What is known of an activation function besides its formula. */
export type ActivationFacts = {
  /**
   * Typical maximal step size on the thesis's ladder (Table 4.1 where it has the activation, else that of the most similar one).
   * Only expected costs depend on it.
   */
  typicalStepSize: number;
  /** Its slope cannot be had from its value, so a training keeps what it was computed from. */
  keepsPreactivation: boolean;
};

/** Every activation function. The engines hold the formulas, by these names; the kernel's numbers are generated from the order. */
export const ACTIVATION_FACTS = {
  linear: { typicalStepSize: 0.4, keepsPreactivation: false },
  tanh: { typicalStepSize: 3.1, keepsPreactivation: false },
  relu: { typicalStepSize: 2.3, keepsPreactivation: false },
  sigmoid: { typicalStepSize: 12.5, keepsPreactivation: false },
  'leaky-relu': { typicalStepSize: 2.3, keepsPreactivation: false },
  elu: { typicalStepSize: 2.3, keepsPreactivation: false },
  softplus: { typicalStepSize: 2.3, keepsPreactivation: false },
  gelu: { typicalStepSize: 2.3, keepsPreactivation: true },
  silu: { typicalStepSize: 2.3, keepsPreactivation: true },
} as const satisfies Record<string, ActivationFacts>;

export type Activation = keyof typeof ACTIVATION_FACTS;
export const ACTIVATIONS = Object.keys(ACTIVATION_FACTS) as [Activation, ...Activation[]];
