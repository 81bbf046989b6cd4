import { amountOf, choose, defineModel, delay, drop, need, type Damage, type Step, type TakenArrival } from "../../modeling/index.js";
import { SWITCH_ARGS, SWITCH_PARAMS, traverse, type SwitchContext } from "../parts/switch-ports.js";

/** Takes a frame in whole before it decides. */
export default defineModel({
  name: "switch/store-forward",
  title: "Store-and-forward switch",
  about:
    "Takes a frame in to its last byte, looks at the check sequence, drops what is damaged and sends the rest on. Each switch on the way costs the frame's time on the wire once more. " +
    "Its port is the link that follows in the path.",
  params: SWITCH_PARAMS,
  parts: () => ({}),
  operations: (operation) => ({
    traverse: operation({
      from: ["wire"],
      meaning: "a frame crosses the switch to the link that follows",
      args: SWITCH_ARGS,
      main: "priority",
      steps: (context) => traverse(context, { steps: (arrival) => stored(context, arrival), passesDamageOn: false }),
    }),
  }),
});

function stored({ params, name }: SwitchContext, arrival: TakenArrival): readonly Step[] {
  const dropped: readonly Step[] = [...arrival.settle(amountOf(0)), drop(`${name}: bad frame check`)];
  const checked = arrival.damages.map(({ probability, link = "", lost }: Damage) => choose({ kind: "chance", probability, name: "damaged", of: link }, lost ?? dropped));
  return [need("last"), ...checked, delay(params.forwarding, "forwarding")];
}
