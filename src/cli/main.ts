#!/usr/bin/env node
import { readBundle } from "./bundle.js";

const { commandLine } = readBundle()?.exports ?? (await import("./command-line.js"));
process.exitCode = await commandLine(process.argv.slice(2));
