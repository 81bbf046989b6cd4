#!/usr/bin/env node
import { readBundle } from "./bundle.js";
import { inlineMore } from "./inlining.js";

// First, because V8 keeps code for the flags that it was made with.
inlineMore();
const { commandLine } = readBundle()?.exports ?? (await import("./command-line.js"));
process.exitCode = await commandLine(process.argv.slice(2));
