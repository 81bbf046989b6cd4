// What all peers simulate and how they tell it; see README.md. C and C++.
#ifndef PEER_WORKLOAD_H
#define PEER_WORKLOAD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "random.h"

#define MEAN_GAP 1000000.0
#define MM1_SERVICE 800000.0
#define STAGES 12
#define STAGE_SERVICE 600000

/** What a run simulates: `units` events of PHOLD, or customers, or packets. */
struct workload {
  int64_t units;
  /** PHOLD; 0 for the others. */
  int tokens;
  /** 1 is M/M/1, STAGES the pipeline. */
  int stages;
  /** Mean service time, exponential if `drawn`. */
  int64_t service;
  int drawn;
};

static inline int64_t service_time(const struct workload *of) { return of->drawn ? exponential_time((double)of->service) : of->service; }

/** Log-linear histogram of latencies: 512 buckets an octave, as wirelat's. */
static uint64_t histogram_count[56 << 9];

static inline void histogram_record(int64_t latency) {
  uint64_t x = (uint64_t)latency + 512;
  int octave = 63 - __builtin_clzll(x) - 9;
  histogram_count[((uint64_t)octave << 9) + (x >> octave) - 512]++;
}

static double histogram_mean(void) {
  double sum = 0, count = 0;
  for (int octave = 0; octave < 55; octave++)
    for (int i = 0; i < 512; i++) {
      double low = (double)((uint64_t)(512 + i) << octave) - 512, n = (double)histogram_count[(octave << 9) + i];
      sum += n * (low + (double)((1ull << octave) - 1) / 2);
      count += n;
    }
  return count == 0 ? 0 : sum / count;
}

static inline double processor_time(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static struct workload workload_of(const char *name, int64_t units) {
  struct workload of = {units, 0, 1, (int64_t)MM1_SERVICE, 1};
  if (strncmp(name, "phold-", 6) == 0) of.tokens = atoi(name + 6);
  else if (strcmp(name, "pipeline-exponential") == 0 || strcmp(name, "pipeline-constant") == 0) {
    of.stages = STAGES;
    of.service = STAGE_SERVICE;
    of.drawn = strcmp(name, "pipeline-exponential") == 0;
  } else if (strcmp(name, "mm1") != 0) {
    fprintf(stderr, "no such workload: %s\n", name);
    exit(2);
  }
  random_seed(1);
  return of;
}

/** One line for run.ts: processor time a unit, events handled a unit, and the mean latency, by which a wrong run shows. */
static void tell(const struct workload *of, double elapsed, int64_t events) {
  printf("%.3f %.3f %.0f\n", elapsed / (double)of->units, (double)events / (double)of->units, histogram_mean());
}

#endif
