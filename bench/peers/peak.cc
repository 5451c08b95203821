// The rate of multiplications and additions, each rounded on its own, that one core comes to with everything in registers: a chain of
// x * a + b in each of CHAINS vectors, without fused multiply-adds. Prints GFLOP/s, the best of ROUNDS: a
// limit is not moved by what slows some of them down.
#include <algorithm>
#include <chrono>
#include <cstdio>

#ifndef LANES
#define LANES 16
#endif
#ifdef __x86_64__
#define VECTOR_REGISTER "+v"
#else
#define VECTOR_REGISTER "+w"
#endif
typedef float Vector __attribute__((vector_size(4 * LANES)));

// More than hide the latency of both, fewer than there are registers.
#if defined(__AVX512VL__) || defined(__aarch64__)
#define CHAINS 24
#else
#define CHAINS 12
#endif
constexpr int ROUNDS = 1000;
constexpr long STEPS = 1 << 13;

int main() {
  volatile float factor = 0.999f, summand = 0.001f;
  const Vector a = factor - Vector{}, b = summand - Vector{};
  double rates[ROUNDS];
  float sink = 0;
  for (double &rate : rates) {
    Vector x[CHAINS];
#pragma GCC unroll 24
    for (int i = 0; i < CHAINS; i++) x[i] = (float)i - Vector{};
    const auto started = std::chrono::steady_clock::now();
    for (long step = 0; step < STEPS; step++) {
#pragma GCC unroll 24
      for (int i = 0; i < CHAINS; i++) {
        x[i] = x[i] * a + b;
        // otherwise a compiler might take several steps together
        asm volatile("" : VECTOR_REGISTER(x[i]));
      }
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
#pragma GCC unroll 24
    for (int i = 0; i < CHAINS; i++) sink += x[i][0];
    rate = 2e-9 * LANES * CHAINS * STEPS / seconds.count();
  }
  printf("%.2f %d\n", *std::max_element(rates, rates + ROUNDS), sink > 0);
}
