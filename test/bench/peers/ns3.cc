// The workloads on the core of ns-3, written as its users write: functions given to Simulator::Schedule.
// `ns3 WORKLOAD UNITS SCHEDULER-events|SCHEDULER-hops`, the scheduler being Heap, Map, Calendar, List or PriorityQueue.
#include <ns3/core-module.h>
#include <deque>
#include <string>
#include "workload.h"

using namespace ns3;

static struct workload of;
static int64_t events, begun, done;
static bool hops;

// Times are told in steps, which are picoseconds: no conversion of units is paid for.
static Time Gap() { return TimeStep(exponential_time(MEAN_GAP)); }
static int64_t Clock() { return Simulator::Now().GetTimeStep(); }

static void Token() {
  if (++events < of.units) Simulator::Schedule(Gap(), &Token);
  else Simulator::Stop();
}

struct Stage {
  Stage *next = nullptr;
  std::deque<int64_t> line;

  void Serve() { Simulator::Schedule(TimeStep(service_time(&of)), &Stage::Depart, this); }

  void Arrive(int64_t born) {
    events++;
    line.push_back(born);
    if (line.size() == 1) Serve();
  }

  void Depart() {
    events++;
    int64_t born = line.front();
    line.pop_front();
    if (!line.empty()) Serve();
    if (next == nullptr) {
      histogram_record(Clock() - born);
      if (++done == of.units) Simulator::Stop();
    } else if (hops) {
      events--;
      next->Arrive(born);
    } else {
      Simulator::ScheduleNow(&Stage::Arrive, next, born);
    }
  }
};

static Stage stages[STAGES];

static void Source() {
  if (++begun < of.units) Simulator::Schedule(Gap(), &Source);
  stages[0].Arrive(Clock());
}

int main(int count, char **args) {
  if (count != 4) return 2;
  of = workload_of(args[1], atoll(args[2]));
  std::string how = args[3];
  hops = how.find("-hops") != std::string::npos;
  Time::SetResolution(Time::PS);
  ObjectFactory scheduler("ns3::" + how.substr(0, how.find('-')) + "Scheduler");
  Simulator::SetScheduler(scheduler);
  for (int stage = 0; stage + 1 < of.stages; stage++) stages[stage].next = &stages[stage + 1];
  for (int token = 0; token < of.tokens; token++) Simulator::Schedule(Gap(), &Token);
  if (of.tokens == 0) Simulator::Schedule(Gap(), &Source);
  double start = processor_time();
  Simulator::Run();
  double elapsed = processor_time() - start;
  if (of.tokens > 0) histogram_record(Clock() * of.tokens / events);
  tell(&of, elapsed, events);
  Simulator::Destroy();
}
