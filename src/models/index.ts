import type { Model, Traffic } from "../modeling/index.js";
import csa from "./bus/csa.js";
import gc from "./app/gc.js";
import stage from "./app/stage.js";
import cxl from "./bus/cxl.js";
import firewire from "./bus/firewire.js";
import pciX from "./bus/pci-x.js";
import pci from "./bus/pci.js";
import pcie from "./bus/pcie.js";
import ohci from "./firewire/ohci.js";
import fpgaPipeline from "./fpga/pipeline.js";
import core from "./host/core.js";
import disk from "./host/disk.js";
import dram from "./host/dram.js";
import iommu from "./host/iommu.js";
import llc from "./host/llc.js";
import numa from "./host/numa.js";
import ethernet from "./link/ethernet.js";
import infiniband from "./link/infiniband.js";
import sci from "./link/sci.js";
import mailbox from "./msg/mailbox.js";
import messageReceive from "./msg/receive.js";
import rpc from "./msg/rpc.js";
import messageSend from "./msg/send.js";
import nic from "./nic/generic.js";
import streaming from "./nic/streaming.js";
import copy from "./op/copy.js";
import afXdp from "./os/af_xdp.js";
import dpdk from "./os/dpdk.js";
import efVi from "./os/ef_vi.js";
import linux from "./os/linux.js";
import tcp from "./os/linux-tcp.js";
import plan9 from "./os/plan9.js";
import zerocopyCow from "./os/zerocopy-cow.js";
import zerocopyReceive from "./os/zerocopy-receive.js";
import zerocopySend from "./os/zerocopy-send.js";
import zerocopySendfile from "./os/zerocopy-sendfile.js";
import zerocopyUring from "./os/zerocopy-uring.js";
import dpuCores from "./dpu/cores.js";
import dpuEngines from "./dpu/engines.js";
import hca from "./rdma/hca.js";
import rsm from "./rdma/rsm.js";
import cutThrough from "./switch/cut-through.js";
import layerOne from "./switch/l1.js";
import storeForward from "./switch/store-forward.js";
import nineP from "./svc/9p.js";
import proc from "./svc/proc.js";
import burst from "./traffic/burst.js";
import capture from "./traffic/capture.js";
import closed from "./traffic/closed.js";
import constant from "./traffic/constant.js";
import onOff from "./traffic/on-off.js";
import pingpong from "./traffic/pingpong.js";
import poisson from "./traffic/poisson.js";

/** Every model of hardware and software that ships, by family and name. */
export const MODELS: readonly Model[] = [
  gc,
  stage,
  csa,
  cxl,
  firewire,
  pci,
  pciX,
  pcie,
  ohci,
  fpgaPipeline,
  core,
  disk,
  dram,
  iommu,
  llc,
  numa,
  ethernet,
  infiniband,
  sci,
  mailbox,
  messageReceive,
  rpc,
  messageSend,
  nic,
  streaming,
  copy,
  dpdk,
  efVi,
  afXdp,
  linux,
  tcp,
  plan9,
  zerocopyCow,
  zerocopyReceive,
  zerocopySend,
  zerocopySendfile,
  zerocopyUring,
  dpuCores, dpuEngines, hca,
  rsm,
  cutThrough,
  layerOne,
  storeForward,
  nineP,
  proc,
];

/** Every kind of traffic that ships. */
export const TRAFFIC: readonly Traffic[] = [burst, capture, closed, constant, onOff, pingpong, poisson];

/** Both by name, as the compiler looks them up. */
export const CATALOGUE = {
  models: new Map(MODELS.map((model) => [model.name, model])),
  traffic: new Map(TRAFFIC.map((traffic) => [traffic.name, traffic])),
} as const;
