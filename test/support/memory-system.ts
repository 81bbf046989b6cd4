import type { Written } from "./model-tester.js";

type Params = Readonly<Record<string, Written>>;

/** Parameters of the components that a host's memory system is made of. */
export interface MemoryParams {
  readonly llc?: Params;
  readonly dram?: Params;
  readonly numa?: Params;
  readonly iommu?: Params;
  readonly copier?: Params;
}

/** The components of a host's memory system. Memory does not refresh itself unless told to, so that a time can be stated to the picosecond. */
export function memorySystem(of: MemoryParams = {}): Readonly<Record<string, { readonly model: string; readonly params: Params }>> {
  return {
    llc: { model: "host/llc", params: of.llc ?? {} },
    dram: { model: "host/dram", params: { "refresh.every": "0 ns", ...of.dram } },
    numa: { model: "host/numa", params: of.numa ?? {} },
    iommu: { model: "host/iommu", params: of.iommu ?? {} },
    copier: { model: "op/copy", params: of.copier ?? {} },
  };
}
