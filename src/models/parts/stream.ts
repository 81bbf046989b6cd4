import { Amount, choose, inPieces, type InstanceRef, recast, type Step, use } from "../../modeling/index.js";

/** TCP payload of a full Ethernet frame. */
const SEGMENT = 1460;

/** One end of a stream: a host, whose parts have their usual names, and the thread that writes or reads there. */
export interface End {
  readonly host: string;
  readonly thread: string;
}

/** A message on a stream between two hosts. */
export interface Conveyance {
  readonly from: End;
  readonly to: End;
  readonly via: string;
  /** Its payload, behind a header of its own; null for a short message about the payload, which is as long as it is. */
  readonly data: { readonly header: number; readonly payload: Amount } | null;
  readonly instance: (name: string) => InstanceRef;
}

/** A message whose writer holds its core goes through both kernels and over the link; then its reader has been woken. */
export function conveyed(conveyance: Conveyance): readonly Step[] {
  const { from, to, data, instance } = conveyance;
  const single = segment(conveyance, false);
  return [
    use(instance(`${from.host}.os`), "stream.write"),
    ...(data === null ? single : [inSegments(conveyance, data, single)]),
    use(instance(`${to.host}.os`), "wake", { thread: to.thread }),
  ];
}

/**
 * As many segments as it takes, side by side. Each leaves room for the header, which goes with the first. An answer that is shorter
 * than was asked for is cut into equal segments, because what a segment bears follows from the size of the question.
 */
function inSegments(conveyance: Conveyance, { header, payload }: { readonly header: number; readonly payload: Amount }, single: readonly Step[]): Step {
  const room = SEGMENT - header;
  const count = payload.map((size) => Math.max(1, Math.ceil(size / room)));
  const chunk = new Amount((asked) => (payload.of(asked) === asked ? room : Math.ceil(payload.of(asked) / count.of(asked))), payload.origins);
  const piece = (more: number): readonly Step[] => [recast(new Amount((size) => size + more)), ...segment(conveyance, true)];
  const pieces = inPieces("segments", chunk, count, { first: piece(header), middle: piece(0), last: piece(0) });
  return choose({ kind: "size", test: (asked) => payload.of(asked) <= room }, single, [pieces]);
}

/** From the writer's kernel to the reader's. `again`: another way through the same crossing of the link. */
function segment({ from, to, via, instance }: Conveyance, again: boolean): readonly Step[] {
  const [sender, receiver] = [instance(`${from.host}.nic`), instance(`${to.host}.nic`)];
  const kernel = instance(`${to.host}.os`);
  return [
    use(instance(`${from.host}.os`), "stream.segment", { thread: from.thread }),
    use(sender, "tx"),
    use(instance(via), "traverse", { again }),
    use(receiver, "rx"),
    use(kernel, "irq"),
    use(kernel, "stream.arrive"),
  ];
}
