// Exponential draws for the peers, so fast that it is the engines that are measured: xoshiro256++ (Blackman and Vigna 2018) and the
// ziggurat of Marsaglia and Tsang (2000) in 256 layers, the method that wirelat draws by. C and C++.
#ifndef PEER_RANDOM_H
#define PEER_RANDOM_H

#include <math.h>
#include <stdint.h>

#define ZIGGURAT_LAYERS 256
#define ZIGGURAT_TAIL 7.697117470131049714
#define ZIGGURAT_AREA 0.003949659822581557

static uint64_t random_state[4];
static double ziggurat_edge[ZIGGURAT_LAYERS + 1], ziggurat_height[ZIGGURAT_LAYERS + 1];

static inline uint64_t rotate_left(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

static inline uint64_t random_bits(void) {
  uint64_t *s = random_state, result = rotate_left(s[0] + s[3], 23) + s[0], shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate_left(s[3], 45);
  return result;
}

/** Fills the state by splitmix64, and the tables. */
static void random_seed(uint64_t seed) {
  for (int i = 0; i < 4; i++) {
    uint64_t z = seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    random_state[i] = z ^ (z >> 31);
  }
  ziggurat_edge[0] = ZIGGURAT_AREA * exp(ZIGGURAT_TAIL);
  ziggurat_edge[1] = ZIGGURAT_TAIL;
  for (int i = 1; i < ZIGGURAT_LAYERS - 1; i++) ziggurat_edge[i + 1] = -log(ZIGGURAT_AREA / ziggurat_edge[i] + exp(-ziggurat_edge[i]));
  ziggurat_edge[ZIGGURAT_LAYERS] = 0;
  for (int i = 0; i <= ZIGGURAT_LAYERS; i++) ziggurat_height[i] = exp(-ziggurat_edge[i]);
}

static inline double uniform_of(uint64_t bits) { return (double)(int64_t)(bits >> 11) * 0x1p-53; }

static double exponential_from_edge(double beyond, double x, int layer) {
  for (;;) {
    if (x < ziggurat_edge[layer + 1]) return beyond + x;
    // What lies beyond the tail's start is exponential again: the law has no memory.
    if (layer == 0) beyond += ZIGGURAT_TAIL;
    else if (ziggurat_height[layer] + uniform_of(random_bits()) * (ziggurat_height[layer + 1] - ziggurat_height[layer]) < exp(-x)) return beyond + x;
    uint64_t bits = random_bits();
    layer = bits & 0xff;
    x = uniform_of(bits) * ziggurat_edge[layer];
  }
}

/** Exponential with this mean, in whole picoseconds. */
static inline int64_t exponential_time(double mean) {
  uint64_t bits = random_bits();
  int layer = bits & 0xff;
  double x = uniform_of(bits) * ziggurat_edge[layer];
  if (__builtin_expect(x >= ziggurat_edge[layer + 1], 0)) x = exponential_from_edge(0, x, layer);
  return (int64_t)(mean * x + 0.5);
}

#endif
