/** Virtual addresses from here on belong to the kernel. */
export const KERNEL_BASE = 2 ** 47;

/** Files of a process, and whether they may be written while it is stopped. */
export const PROC_FILES = { mem: true, regs: true, fpregs: true, kregs: false, fd: false } as const;
export type ProcFile = keyof typeof PROC_FILES;

/** Bytes of the files that are always as long: the registers of a 64 bit processor as an interrupt saves them, and of its vector unit. */
export const REGISTERS = { regs: 26 * 8, fpregs: 512, kregs: 26 * 8 } as const;

/** An open file of a process. */
export interface OpenFile {
  readonly name: string;
  readonly mode: "r" | "w" | "rw";
  /** Letter of the device that serves it: M for what is mounted, I for the network, c for the console. */
  readonly device: string;
}

/** "rw M /usr/glenda/lib/profile" as an open file; null for anything else. */
export function openFile(text: string): OpenFile | null {
  const parts = /^(?<mode>r|w|rw) (?<device>\S) (?<name>\S+)$/u.exec(text)?.groups;
  return parts === undefined ? null : { name: parts["name"] ?? "", mode: parts["mode"] as OpenFile["mode"], device: parts["device"] ?? "" };
}

/**
 * The text of a process's `fd` file: its working directory, then a line for each open file with its number, mode, device, device number,
 * unique identification (path, version, type), unit of transfer, offset and name. Files have the number of their line as path.
 */
export function fdText(directory: string, files: readonly OpenFile[], iounit: number): string {
  const line = ({ name, mode, device }: OpenFile, fd: number): string =>
    `${String(fd).padStart(3)} ${mode.padEnd(2)} ${device} ${"0".padStart(4)} (${fd.toString(16).padStart(16, "0")} 0 00) ${String(iounit).padStart(5)} ${"0".padStart(8)} ${name}`;
  return [directory, ...files.map(line)].map((text) => `${text}\n`).join("");
}
