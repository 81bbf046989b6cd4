import { componentKey, uniform } from "../random/index.js";

/** What tells the flows of an endpoint apart, as devices see it: IPv4 addresses and ports, network byte order when written out. */
export interface FlowTuple {
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const BENCHMARKING_NETWORK = 0xc6120000;
const HOSTS = 2 ** 17;
const EPHEMERAL = 49_152;

/**
 * Addresses of a flow: a client anywhere in the network set aside for benchmarks (198.18.0.0/15) with an ephemeral port asks
 * port 4242 of one server. The same for the same source and flow in every run, as clients' addresses do not depend on a seed.
 */
export function tupleOf(source: string, flow: number): FlowTuple {
  const [key0, key1] = componentKey(0, `${source}/addresses`);
  return {
    source: BENCHMARKING_NETWORK + Math.floor(uniform(key0, key1, flow, 0) * HOSTS),
    destination: 0xc0000201,
    sourcePort: EPHEMERAL + Math.floor(uniform(key0, key1, flow, 1) * (2 ** 16 - EPHEMERAL)),
    destinationPort: 4242,
  };
}
