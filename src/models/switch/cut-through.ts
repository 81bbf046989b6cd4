import { bytes, defineModel, look, standard, stream } from "../../modeling/index.js";
import { SWITCH_ARGS, SWITCH_PARAMS, traverse } from "../parts/switch-ports.js";

/** Decides on the header and sends while the frame still comes in, as far as that is possible. */
export default defineModel({
  name: "switch/cut-through",
  title: "Cut-through switch",
  about:
    "Looks at the header and sends on while the rest still comes in. Nothing says when it must store instead: a port that is taken, or one that is faster than the frame comes in, lets the frame leave later by itself, " +
    "and never so early that a byte would be missing. Damaged frames are sent on, for the check sequence comes last. Its port is the link that follows in the path.",
  params: {
    header: bytes("22 B", "bytes that must be in before the way is known: preamble and MAC addresses are 22, with the IP addresses 42", standard("ieee-802-3")),
    ...SWITCH_PARAMS,
  },
  parts: () => ({}),
  operations: (operation) => ({
    traverse: operation({
      from: ["wire"],
      meaning: "a frame crosses the switch to the link that follows",
      args: SWITCH_ARGS,
      main: "priority",
      steps: (context) => {
        const { params } = context;
        return traverse(context, { steps: () => [look(params.header, "header"), stream(params.forwarding, "forwarding")], passesDamageOn: true });
      },
    }),
  }),
});
