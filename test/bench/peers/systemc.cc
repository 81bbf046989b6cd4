// The workloads on SystemC, whose time is counted in picoseconds: methods and events. `systemc WORKLOAD UNITS events|hops`.
#include <systemc>
#include <deque>
#include <memory>
#include <string>
#include <vector>
#include "workload.h"

using namespace sc_core;

static struct workload of;
static int64_t events, begun, done;
static bool hops;

static sc_time after(int64_t time) { return sc_time::from_value((sc_dt::uint64)time); }
static sc_time gap() { return after(exponential_time(MEAN_GAP)); }
static int64_t now() { return (int64_t)sc_time_stamp().value(); }

struct Token : sc_module {
  SC_HAS_PROCESS(Token);
  explicit Token(sc_module_name name) : sc_module(name) { SC_METHOD(come_back); }
  bool begun = false;

  void come_back() {
    if (begun && ++events == of.units) sc_stop();
    begun = true;
    next_trigger(gap());
  }
};

struct Stage : sc_module {
  SC_HAS_PROCESS(Stage);
  explicit Stage(sc_module_name name) : sc_module(name) {
    SC_METHOD(arrive);
    sensitive << arrival;
    dont_initialize();
    SC_METHOD(depart);
    sensitive << departure;
    dont_initialize();
  }

  sc_event arrival, departure;
  Stage *next = nullptr;
  /** When the packet that is arriving was born. */
  int64_t coming = 0;
  std::deque<int64_t> line;

  void arrive() {
    events++;
    take(coming);
  }

  void take(int64_t born) {
    line.push_back(born);
    if (line.size() == 1) departure.notify(after(service_time(&of)));
  }

  void depart() {
    events++;
    int64_t born = line.front();
    line.pop_front();
    if (!line.empty()) departure.notify(after(service_time(&of)));
    if (next == nullptr) {
      histogram_record(now() - born);
      if (++done == of.units) sc_stop();
    } else if (hops) {
      next->take(born);
    } else {
      next->coming = born;
      next->arrival.notify(SC_ZERO_TIME);
    }
  }
};

struct Source : sc_module {
  SC_HAS_PROCESS(Source);
  Source(sc_module_name name, Stage *first) : sc_module(name), first(first) { SC_METHOD(emit); }
  Stage *first;

  void emit() {
    if (now() > 0) {
      events++;
      begun++;
      first->take(now());
    }
    if (begun < of.units) next_trigger(gap());
  }
};

int sc_main(int count, char **args) {
  if (count != 4) return 2;
  of = workload_of(args[1], atoll(args[2]));
  hops = strcmp(args[3], "hops") == 0;
  sc_set_time_resolution(1, SC_PS);
  sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
  std::vector<std::unique_ptr<sc_module>> modules;
  for (int token = 0; token < of.tokens; token++) modules.push_back(std::make_unique<Token>(sc_gen_unique_name("token")));
  if (of.tokens == 0) {
    Stage *next = nullptr;
    for (int stage = of.stages; stage-- > 0;) {
      auto made = std::make_unique<Stage>(sc_gen_unique_name("stage"));
      made->next = next;
      next = made.get();
      modules.push_back(std::move(made));
    }
    modules.push_back(std::make_unique<Source>("source", next));
  }
  sc_start(SC_ZERO_TIME);
  double start = processor_time();
  sc_start();
  double elapsed = processor_time() - start;
  if (of.tokens > 0) histogram_record(now() * of.tokens / events);
  tell(&of, elapsed, events);
  return 0;
}
