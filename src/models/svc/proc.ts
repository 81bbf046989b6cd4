import {
  Amount, amountOf, bytes, choice, chosen, count, dataRate, defineModel, duration, estimated, type InstanceRef, list, type MessageShape, move, published, recast, type Region, type Step, text,
  use, type Values, work,
} from "../../modeling/index.js";
import { fdText, KERNEL_BASE, openFile, PROC_FILES, REGISTERS } from "../parts/proc-files.js";

const own = chosen("the application's own");
const FILES = Object.keys(PROC_FILES) as (keyof typeof PROC_FILES)[];

const PARAMS = {
  state: choice(["Running", "Ready", "Stopped", "Rendez", "Broken"], "Running", "state of the process that is looked at", own),
  directory: text("/usr/glenda", "working directory of the process, the first line of its fd file", own),
  files: list(["r c /dev/cons", "w c /dev/cons", "w c /dev/cons", "r M /usr/glenda/lib/profile"], "open files of the process: mode, letter of the device, name", own),
  "fd.iounit": bytes("8192 B", "unit of transfer that the lines of the fd file name", published("plan9-read")),
  lookup: duration("1 us", "the process found by its number, its lock, permission", estimated("two locks and a walk of a table", ["400 ns", "3 us"])),
  page: duration("150 ns", "for each page: the segment that holds the address, the page, a mapping to copy through", estimated("a look-up and a temporary mapping", ["50 ns", "600 ns"])),
  "page-size": bytes("4 KiB", "size of a page", chosen("the processor's smallest")),
  rate: dataRate("40 Gbit/s", "speed of the copy between the process and the server's buffer", estimated("memmove of pages that are not in the cache of this core", ["10 Gbit/s", "64 Gbit/s"])),
} as const;

interface Proc {
  readonly params: Values<typeof PARAMS>;
  readonly needs: { readonly cpu: InstanceRef<"cpu"> };
  readonly args: { readonly file: keyof typeof PROC_FILES; readonly from: string; readonly offset: Amount; readonly mode: "read" | "write" };
  readonly passed: Readonly<Record<string, unknown>>;
  readonly message: MessageShape;
  readonly region: (name: string) => Region;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

/** A process as files: what can be read of it, what written, and when. */
export default defineModel({
  name: "svc/proc",
  title: "Process files of Plan 9",
  about:
    "A server's call reads a file of another process: its memory, its registers, its open files. The kernel copies from the process to the server's buffer, and stops at the end of the segment in which the read began. " +
    "Memory and registers may be written, but only while the process is stopped, and no address of the kernel; the kernel's registers and the list of open files never.",
  needs: { cpu: "cpu" },
  params: PARAMS,
  parts: () => ({}),
  operations: (operation) => ({
    read: operation({
      meaning: "the thread that holds the core reads, or writes, a file of the process",
      args: {
        file: choice(FILES, "mem", "which file", own),
        from: text(null, "mem: region that holds the address, e.g. target.image", own),
        offset: bytes("0 B", "where in the region, or in the file, the access begins", own),
        mode: choice(["read", "write"], "read", "whether the file is read or written", own),
      },
      steps: (context) => accessed(context),
    }),
  }),
});

function accessed(proc: Proc): readonly Step[] {
  const { params, needs, args, message } = proc;
  const segment = args.file === "mem" ? segmentOf(proc) : null;
  const left = endOf(proc, segment) - args.offset.of(0);
  if (left <= 0) proc.refuse("address-outside", `offset ${args.offset.of(0)} lies behind the end of ${args.file === "mem" ? "the segment" : args.file}`, "read what is there: nothing begins behind the end");
  if (args.mode === "write") checkWrite(proc, segment);
  const size = message.payload.map((asked) => Math.min(asked, left));
  const into = ((segment?.at ?? 0) + args.offset.of(0)) % params["page-size"].of(0);
  const pages = args.file === "mem" ? size.plus(into).dividedUp(params["page-size"]) : amountOf(1);
  const time = new Amount((asked) => pages.of(asked) * params.page.of(asked), [...pages.origins, ...params.page.origins]).plus(params.rate.timeFor(size));
  return [
    recast(size),
    // The process must be one of the host's.
    ...(segment === null || segment.owner === null ? [] : [use(needs.cpu, "owns", { thread: segment.owner })]),
    use(needs.cpu, "syscall"),
    work(params.lookup, "sys", "process looked up"),
    work(time, "copy", args.mode === "read" ? "copy out of the process" : "copy into the process", "copy"),
    move("umem", "umem", "cpu", size),
    count("touched-bytes", size),
  ];
}

/** The region of memory that is read or written. */
function segmentOf({ args, passed, region, refuse }: Proc): Region {
  const given = passed["from"] as Region | undefined;
  if (given === undefined && args.from === undefined) refuse("parameter-missing", "the memory of a process is read in a region", "write e.g. proc.read: { from: target.image }");
  return given ?? region(args.from);
}

/** Bytes of the file: a segment's, for memory. */
function endOf({ params, args, refuse }: Proc, segment: Region | null): number {
  if (segment !== null) return segment.bytes;
  const registers = REGISTERS[args.file as keyof typeof REGISTERS] as number | undefined;
  if (registers !== undefined) return registers;
  const files = params.files.map((one) => openFile(one) ?? refuse("file-malformed", `"${one}" is no open file`, "write mode, letter of the device and name, such as \"r c /dev/cons\""));
  return fdText(params.directory, files, params["fd.iounit"].of(0)).length;
}

function checkWrite({ params, args, refuse }: Proc, segment: Region | null): void {
  if (!PROC_FILES[args.file]) refuse("file-read-only", `the file ${args.file} of a process can only be read`, "write mem, regs or fpregs");
  if (params.state !== "Stopped") refuse("process-not-stopped", `the process is ${params.state}: its ${args.file} can be written only while it is Stopped`, "stop it first: state: Stopped");
  if (segment === null) return;
  const { name, at } = segment;
  if (at !== null && at + args.offset.of(0) >= KERNEL_BASE) refuse("address-not-user", `${name} lies in the kernel's part of the address space, which cannot be written through mem`, "write a region of the process");
}
