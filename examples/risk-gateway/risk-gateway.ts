import {
  amountOf, byteOffset, choice, chosen, claim, claimStage, defineModel, duration, estimated, eventRate, need, number, pool, stage, stream, type ByteOffset,
  type MessageShape,
} from "wirelat";

/** Checks orders between a trader and an exchange, in hardware: may this account send this order now? */
export default defineModel({
  name: "acme/risk-gateway",
  title: "Risk gateway in the wire between a trader and an exchange",
  about:
    "Reads an order as it passes, looks up account, instrument and price band in one memory, and lets the order go on or drops it. " +
    "A cut-through gateway decides as soon as the last field it needs is in; a careful one waits for the check sequence. " +
    "Whoever sends faster than the exchange allows loses the orders beyond the limit.",
  params: {
    phy: duration("40 ns", "PHY and MAC, each way", estimated("low-latency transceivers with a soft MAC", ["25 ns", "80 ns"])),
    mode: choice(["cut-through", "store-forward"], "cut-through", "whether it decides before the frame has ended", chosen("latency before safety")),
    decide: byteOffset("payload + 20 B", "last byte that the checks need", chosen("account, instrument and price stand in front")),
    lookup: duration("30 ns", "one access to the tables", estimated("external SRAM with arbitration", ["12 ns", "60 ns"])),
    lookups: number(3, "accesses for one order", chosen("account, instrument, price band")),
    limit: eventRate("1 Mpps", "orders that may pass in the long run", chosen("as agreed with the exchange")),
    burst: number(8, "orders that may pass at once", chosen("as agreed with the exchange")),
  },
  parts: ({ params }) => ({
    // A pool that fills by itself: one unit for each order that the limit allows.
    allowance: pool({ capacity: params.burst.of(0), whenFull: "drop", refill: params.limit.period }),
    tables: stage(),
  }),
  operations: (operation) => ({
    check: operation({
      from: ["wire"],
      meaning: "an order passes, or is dropped",
      steps: ({ params, parts, message }) => [
        stream(params.phy, "PHY in"),
        need(params.mode === "cut-through" ? upTo(params.decide, message) : "last", "fields of the order"),
        claim(parts.allowance, amountOf(1), "rate limit"),
        claimStage(parts.tables, params.lookup.times(params.lookups.of(0)), "lookups"),
        stream(params.phy, "PHY out"),
      ],
    }),
  }),
});

/** Bytes on the wire up to the one that is meant. */
const upTo = (offset: ByteOffset, message: MessageShape) => offset.bytes.plus(offset.from === "payload" ? message.headers : 0);
