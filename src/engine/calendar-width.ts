/** Events looked at to choose a width. */
export const SAMPLES = 256;

const LEAST_EVENTS = 8;

/**
 * Width of the buckets, a power of two, so that about so many events fall into a bucket where they are densest: among the
 * next few events, the next quarter, or all. `sample` holds the sorted times of `size` of `total` events, chosen evenly.
 */
export function bucketWidth(sample: Float64Array, size: number, total: number, eventsPerBucket: number): number {
  let gap = Infinity;
  for (let count = LEAST_EVENTS; count <= size; count *= 4) {
    const spread = sample[count - 1] - sample[0];
    if (spread > 0) gap = Math.min(gap, (spread * size) / (count * total));
  }
  const wanted = gap === Infinity ? 1 : gap * eventsPerBucket;
  let width = 1;
  while (width * Math.SQRT2 < wanted) width *= 2;
  return width;
}
