/** Every error code the tool can give, with what it means. The documentation and a test hold this table to the code that throws. */
export const CODES = {
  // quantities
  "quantity-malformed": "the text is not a number followed by a unit",
  "unit-missing": "a bare number where a unit is required",
  "unit-unknown": "the unit is not one that this place accepts",
  "unit-ambiguous": "the unit has more than one common meaning",
  "quantity-range": "the quantity is negative, not finite, or too large for its place",
  "quantity-inexact": "the quantity is finer than the simulator can hold exactly",
  // captures
  "capture-unknown-format": "the bytes are not a packet capture of a kind that can be read",
  "capture-corrupt": "the packet capture contradicts its own format",
  "capture-too-large": "the packet capture is larger than the limit",
  "capture-empty": "no packet with a time is left to use",
  "capture-span": "the packets lie further apart than simulated time can hold",
  "capture-link-type": "the size of the frame on an Ethernet wire does not follow from this kind of capture",
  "capture-option": "the capture is to be used in a way that makes no sense",
  "capture-unreadable": "the capture file cannot be opened or read",
  // engine
  "zero-delay-loop": "events follow each other without time moving on",
} as const;

export type ErrorCode = keyof typeof CODES;
