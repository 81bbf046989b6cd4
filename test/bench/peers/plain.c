// The workloads in C, with as little engine as can be: what there is to reach. `plain WORKLOAD UNITS events|hops|lindley`.
#include "workload.h"

/*
 * Few events pending: a list sorted latest first, so that the next one is popped off its end. PHOLD has one event a token, so there the
 * token is the event: a wheel of buckets, about one event in each, and a list of what lies beyond its horizon.
 * Both keep the order of equal times.
 */

#define MOST_PENDING 64
struct event { int64_t time; int what; };
static struct event pending[MOST_PENDING];
static int pending_count = 0;

static inline void push(int64_t time, int what) {
  int at = pending_count++;
  if (at == MOST_PENDING) abort();
  for (; at > 0 && pending[at - 1].time <= time; at--) pending[at] = pending[at - 1];
  pending[at] = (struct event){time, what};
}

static inline struct event pop(void) { return pending[--pending_count]; }

/** An event of PHOLD is its token, in the list of a bucket or in the far list, the latest put in first. */
struct token { int64_t time; int next; };
struct wheel {
  struct token *token;
  int *bucket, far, buckets, shift;
  /** The bucket that is being drained, and the first one beyond the wheel; counted from time 0, so both only grow. */
  int64_t cursor, horizon;
};

static inline void put(struct wheel *wheel, int i) {
  int64_t place = wheel->token[i].time >> wheel->shift;
  int *list = place < wheel->horizon ? &wheel->bucket[place & (wheel->buckets - 1)] : &wheel->far;
  wheel->token[i].next = *list;
  *list = i;
}

/** What has come within the horizon goes into the wheel, the first put in first, before anything later does. */
static void move_horizon(struct wheel *wheel) {
  int oldest = -1;
  for (int i = wheel->far, next; i >= 0; oldest = i, i = next) {
    next = wheel->token[i].next;
    wheel->token[i].next = oldest;
  }
  wheel->far = -1;
  wheel->horizon += wheel->buckets / 4;
  for (int i = oldest, next; i >= 0; i = next) {
    next = wheel->token[i].next;
    put(wheel, i);
  }
}

static inline int take(struct wheel *wheel) {
  int *least;
  while (*(least = &wheel->bucket[wheel->cursor & (wheel->buckets - 1)]) < 0)
    if (wheel->horizon - ++wheel->cursor <= wheel->buckets / 4 * 3) move_horizon(wheel);
  // The list is latest first, so of equal times the last one found was put in first.
  struct token *token = wheel->token;
  for (int *at = &token[*least].next; *at >= 0; at = &token[*at].next)
    if (token[*at].time <= token[*least].time) least = at;
  int i = *least;
  *least = token[i].next;
  return i;
}

static int64_t phold(const struct workload *of) {
  struct wheel wheel = {.far = -1, .buckets = 4};
  while ((2 << wheel.shift) * (double)of->tokens <= MEAN_GAP) wheel.shift++;
  while ((double)wheel.buckets * (1 << wheel.shift) < 8 * MEAN_GAP) wheel.buckets *= 2;
  wheel.horizon = wheel.buckets;
  wheel.token = malloc(sizeof *wheel.token * (size_t)of->tokens);
  wheel.bucket = malloc(sizeof *wheel.bucket * (size_t)wheel.buckets);
  if (wheel.token == NULL || wheel.bucket == NULL) abort();
  memset(wheel.bucket, -1, sizeof *wheel.bucket * (size_t)wheel.buckets);
  for (int i = 0; i < of->tokens; i++) {
    wheel.token[i].time = exponential_time(MEAN_GAP);
    put(&wheel, i);
  }
  int64_t now = 0;
  for (int64_t event = 0; event < of->units; event++) {
    int i = take(&wheel);
    now = wheel.token[i].time;
    wheel.token[i].time = now + exponential_time(MEAN_GAP);
    put(&wheel, i);
  }
  // The mean delay, which is 1,000,000 if the run was right.
  histogram_record(now * of->tokens / of->units);
  return of->units;
}

/** First-come first-served line of a server: times of arrival at the first stage, in a ring. */
#define LINE 65536
static int64_t line[STAGES][LINE];
static unsigned head[STAGES], tail[STAGES];

enum { ARRIVE = 0, DEPART = STAGES, SOURCE = 2 * STAGES };

static inline void arrive(const struct workload *of, int stage, int64_t now, int64_t born) {
  if (tail[stage] - head[stage] == LINE) abort();
  line[stage][tail[stage]++ % LINE] = born;
  if (tail[stage] - head[stage] == 1) push(now + service_time(of), DEPART + stage);
}

/** Event by event. With `hops` the departure from a stage is the arrival at the next, else that is an event of its own. */
static int64_t queues(const struct workload *of, int hops) {
  static int64_t on_the_way[STAGES];
  int64_t events = 0, begun = 0, done = 0;
  push(exponential_time(MEAN_GAP), SOURCE);
  while (done < of->units) {
    struct event event = pop();
    int stage = event.what % STAGES;
    events++;
    if (event.what == SOURCE) {
      if (++begun < of->units) push(event.time + exponential_time(MEAN_GAP), SOURCE);
      arrive(of, 0, event.time, event.time);
    } else if (event.what < DEPART) arrive(of, stage, event.time, on_the_way[stage]);
    else {
      int64_t born = line[stage][head[stage]++ % LINE];
      if (head[stage] != tail[stage]) push(event.time + service_time(of), DEPART + stage);
      if (stage + 1 == of->stages) {
        histogram_record(event.time - born);
        done++;
      } else if (hops) arrive(of, stage + 1, event.time, born);
      else {
        on_the_way[stage + 1] = born;
        push(event.time, ARRIVE + stage + 1);
      }
    }
  }
  return events;
}

/** Without events: departure = max(arrival, previous departure) + service. */
static int64_t lindley(const struct workload *of) {
  int64_t free_at[STAGES] = {0}, born = 0;
  for (int64_t packet = 0; packet < of->units; packet++) {
    born += exponential_time(MEAN_GAP);
    int64_t at = born;
    for (int stage = 0; stage < of->stages; stage++) free_at[stage] = at = (at > free_at[stage] ? at : free_at[stage]) + service_time(of);
    histogram_record(at - born);
  }
  return 0;
}

int main(int count, char **args) {
  if (count != 4) return 2;
  struct workload of = workload_of(args[1], atoll(args[2]));
  double start = processor_time();
  int64_t events = of.tokens > 0 ? phold(&of) : strcmp(args[3], "lindley") == 0 ? lindley(&of) : queues(&of, strcmp(args[3], "hops") == 0);
  tell(&of, processor_time() - start, events);
}
