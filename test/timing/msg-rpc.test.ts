// Goal: a remote call takes its stubs, its marshalling and two messages; a lost one is sent again after its timeout, and executed once
// or more as promised. Method: exact segments of a call without loss; calls whose first k messages are lost, in closed form; the counts of
// executions, duplicates and retries.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly payload?: string;
  readonly messages?: number;
  readonly seed?: number;
  readonly argument?: Params;
  readonly server?: Params;
}

const host = (params: Params): Bench["instances"][string] => ({
  components: {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
    ...memorySystem(),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: { "moderation.mode": "none" } },
    os: { model: "os/linux" },
    rpc: { model: "msg/rpc", params },
  },
});

function call(params: Params, { payload = "64 B", messages = 1, seed = 1, argument = { via: "lan", server: "b" }, server = {} }: Setting = {}): Tested {
  return testModel({
    instances: { a: host(params), b: host({ ...params, ...server }), lan: { model: "link/ethernet", kind: "link", params: { length: "5 m" } } },
    path: [{ tap: "begin" }, ["a.rpc.call", argument], { tap: "returned" }],
    traffic: { model: "traffic/constant", params: { rate: "500 pps", payload } },
    from: "begin", to: "returned", messages, seed,
  });
}

const latency = (params: Params, setting: Setting = {}): number => call(params, setting).latencies[0] ?? NaN;
const of = (tested: Tested, label: string): number => tested.segments().filter((one) => one.label === label).reduce((sum, { ps }) => sum + ps, 0);
const accounts = (tested: Tested): Readonly<Record<string, number>> => ({ executions: tested.account("b/executions"), duplicates: tested.account("b/duplicates"), retries: tested.account("a/retries") });
const lostAll = (tested: Tested): number => tested.machine.drops.reduce((sum, one) => sum + one, 0);

describe("a call without loss", () => {
  test("takes its own steps once, in this order", () => {
    const labels = ["client stub", "marshal arguments", "server stub", "calls that were executed", "unmarshal arguments", "procedure", "marshal results", "answer matched to its call", "unmarshal results", "client stub returns"];
    const own = call({}).segments().filter(({ label }) => labels.includes(label)).map(({ label, ps }) => [label, ps]);
    // 0.3 ns a byte: 64 B and 8 B at 26.7 Gbit/s.
    const [args, reply] = [19_176, 2_397];
    assert.deepEqual(own, [100_000, args, 100_000, 40_000, args, 1_000_000, reply, 60_000, reply, 100_000].map((ps, index) => [labels[index], ps]));
  });

  test("is what two messages by datagram cost, and the stubs", () => {
    const tested = call({});
    assert.equal(tested.latencies[0], tested.floor);
    assert.equal(latency({ stub: "200 ns", run: "3 us", match: "160 ns", remember: "140 ns" }) - latency({}), 3 * 100_000 + 2_000_000 + 100_000 + 100_000);
    assert.deepEqual(["syscalls", "interrupts"].map((name) => [tested.account(`a/${name}`), tested.account(`b/${name}`)]), [[2, 2], [1, 1]]);
  });

  test("copies at every border: marshal, kernel, user, unmarshal; in place, only the kernels do", () => {
    const copies = (params: Params): readonly number[] => ["a", "b"].map((one) => call(params).account(`${one}/copies`));
    assert.deepEqual([copies({}), copies({ marshalling: "in-place" })], [[4, 4], [2, 2]]);
    assert.equal(of(call({ marshalling: "in-place" }), "marshal arguments"), 0);
  });

  test("sends along what pointers point to", () => {
    const plain = call({}, { payload: "200 B" });
    const pointing = call({ pointers: 2, pointee: "68 B" });
    assert.equal(of(pointing, "marshal arguments"), of(plain, "marshal arguments"));
    assert.equal(pointing.latencies[0], plain.latencies[0]);
  });

  test("has results of a size of their own", () => {
    const [small, large] = [{}, { reply: "1008 B" }].map((params) => call(params));
    assert.equal(of(large!, "marshal results"), 302_022);
    assert.equal(of(large!, "marshal arguments"), of(small!, "marshal arguments"));
    assert.ok(large!.latencies[0]! - small!.latencies[0]! > 1000 * (800 + 4 * 156.25));
  });

  test("with retries allowed takes no longer, and sends nothing again", () => {
    const [without, with3] = [call({}), call({ retries: 3 })];
    assert.equal(with3.latencies[0], without.latencies[0]);
    assert.deepEqual(accounts(with3), { executions: 1, duplicates: 0, retries: 0 });
    assert.deepEqual([with3.machine.completed, lostAll(with3), with3.machine.tokens.live], [1, 0, 0]);
  });
});

describe("a call that is lost", () => {
  const MANY = 300;
  const timeout = 200_000_000;

  test("k times takes k timeouts longer, as a segment of kind retry", () => {
    const clean = latency({});
    const tested = call({ loss: "50%", retries: 9 }, { messages: MANY });
    const retries = Array.from(tested.latencies, (_, index) => tested.segments(index).filter(({ kind }) => kind === "retry").reduce((sum, { ps }) => sum + ps, 0));
    // The loss is drawn anew for every message, so a call is lost k times with a chance of 2^-k.
    assert.deepEqual([...new Set(retries.map((ps) => ps % timeout))], [0]);
    // A read that the adapter makes for itself may be on the bus.
    const others = tested.latencies.map((one, index) => one - clean - (retries[index] ?? 0));
    assert.ok(others.every((one) => one >= 0 && one < 10_000), String([...new Set(others)]));
    const never = retries.filter((ps) => ps === 0).length / MANY;
    assert.ok(Math.abs(never - 0.5) < 0.09, `${never} are not lost at all`);
    assert.equal(tested.account("a/retries"), retries.reduce((sum, ps) => sum + ps / timeout, 0));
  });

  test("more often than it may be sent again has failed", () => {
    const tested = call({ loss: "100%", retries: 2 }, { messages: 10 });
    assert.deepEqual([tested.latencies.length, lostAll(tested), tested.account("a/retries"), tested.account("b/executions")], [0, 10, 20, 0]);
    assert.equal(tested.machine.dropsOfSource[0], 10);
    const once = call({ loss: "100%" }, { messages: 10 });
    assert.deepEqual([once.latencies.length, lostAll(once)], [0, 10]);
  });

  test("on its way back has been executed: at most once answers from the table, at least once executes again", () => {
    const once = call({ "reply-loss": "50%", retries: 9 }, { messages: MANY });
    assert.equal(once.account("b/executions"), MANY);
    assert.equal(once.account("b/duplicates"), once.account("a/retries"));
    assert.ok(once.account("a/retries") > MANY / 2);
    const again = call({ "reply-loss": "50%", retries: 9, semantics: "at-least-once" }, { messages: MANY });
    assert.equal(again.account("b/executions"), MANY + again.account("a/retries"));
    assert.equal(again.account("b/duplicates"), 0);
  });

  test("is executed twice after all when the table has forgotten it", () => {
    const tested = call({ "reply-loss": "50%", retries: 9, table: 0 }, { messages: MANY });
    assert.equal(tested.account("b/executions"), MANY + tested.account("a/retries"));
  });
});

describe("a timeout that is too short", () => {
  test("sends a call again whose answer is on its way: the first answer counts, and at most once still holds", () => {
    const params = { timeout: "5 us", retries: 2, run: "1 us" };
    const tested = call(params, { messages: 20 });
    assert.deepEqual(accounts(tested), { executions: 20, duplicates: 40, retries: 40 });
    assert.equal(tested.latencies.length, 20);
    assert.equal(tested.machine.tokens.live, 0);
    assert.equal(lostAll(tested), 0);
  });
});

test("a call needs a link and a server", () => {
  for (const argument of [{ via: "lan" }, { server: "b" }]) {
    assert.throws(() => call({}, { argument }), (error) => error instanceof WirelatErrors && error.errors[0]?.code === "parameter-missing");
  }
});
