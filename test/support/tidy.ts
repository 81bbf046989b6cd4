import { posix } from "node:path";

/**
 * What linters cannot see. Each check is a pure function from the project's files to a list of problems, one sentence each;
 * an empty list means tidy.
 */

export interface TextFile {
  /** From the root of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const MAX_FOLDERS = 3;
const MAX_BYTES = 200_000;

/** Folders nest three deep at most, src included, so that every file can be named from memory. */
export function deepFolders(paths: readonly string[]): string[] {
  const deep = paths.filter((path) => path.startsWith("src/") && path.split("/").length - 1 > MAX_FOLDERS);
  return deep.map((path) => `${path}: folders under src are at most ${MAX_FOLDERS} deep, src included; flatten it`);
}

/** Every folder of src is a layer of the table in .dependency-cruiser.mjs, or no rule would guard it. */
export function unknownLayers(paths: readonly string[], layers: readonly string[]): string[] {
  const folders = new Set(paths.filter((path) => path.startsWith("src/") && path.split("/").length > 2).map((path) => path.split("/")[1] ?? ""));
  const strangers = [...folders].filter((folder) => folder !== "vendor" && !layers.includes(folder));
  return strangers.map((folder) => `src/${folder} is not in the table SEES of .dependency-cruiser.mjs: add it with what it may import`);
}

/** Large files make every clone pay; measured data in test/validation/data is the one exception. */
export function largeFiles(sizes: ReadonlyMap<string, number>): string[] {
  const large = [...sizes].filter(([path, bytes]) => bytes > MAX_BYTES && !path.startsWith("test/validation/data/"));
  return large.map(([path, bytes]) => `${path}: ${bytes} bytes, at most ${MAX_BYTES} may be committed; shrink it or generate it`);
}

/** Answers "path:line: found; remedy" for every line that matches. */
function matchingLines(file: TextFile, pattern: RegExp, remedy: string): string[] {
  const problems: string[] = [];
  for (const [index, line] of file.text.split("\n").entries()) {
    const found = pattern.exec(line);
    if (found !== null) problems.push(`${file.path}:${index + 1}: "${found[0].trim()}"; ${remedy}`);
  }
  return problems;
}

/** Notes to oneself: they belong in an issue, or in a sentence that says what is and why. */
export function leftovers(files: readonly TextFile[]): string[] {
  return files.flatMap((file) => matchingLines(file, /\b(?:FIX[M]E|TO[D]O|XX[X])\b/, "finish it, or say in a sentence what is missing and why"));
}

interface Ban {
  readonly pattern: RegExp;
  readonly where: RegExp;
  readonly instead: string;
}

/** The words that have another word in the glossary, each with its replacement. */
const BANS: readonly Ban[] = [
  { pattern: /\bkick(?:s|ed|ing)?\b/i, where: /^(src|test|docs|scenarios)\/|\.md$/, instead: "say doorbell: the store that says work is there" },
  { pattern: /\bpacket[ -]objects?\b/i, where: /^(src|test|docs|scenarios)\/|\.md$/, instead: "say message: an index into columns" },
  { pattern: /\bevent loop\b/i, where: /^src\/(engine|models)\//, instead: "say event calendar" },
  { pattern: /^\s*latency:\s*(?:duration|time)\(/, where: /^src\/models\//, instead: "a latency has two end points: name the parameter after them, or after the work done" },
];
const QUOTES_THE_BANS = /^(CONTRIBUTING\.md|test\/support\/tidy\.ts|test\/architecture\/)/;

/** One word, one meaning: the words of the glossary and no others. */
export function bannedWords(files: readonly TextFile[]): string[] {
  const checked = files.filter((file) => !QUOTES_THE_BANS.test(file.path));
  return BANS.flatMap((ban) => checked.filter((file) => ban.where.test(file.path)).flatMap((file) => matchingLines(file, ban.pattern, ban.instead)));
}

/** A file is named after the thing it holds. */
export function vagueFileNames(paths: readonly string[]): string[] {
  const vague = paths.filter((path) => /^(src|test|scripts)\/(?:.*[/-])?(?:utils?|helpers?|managers?|base|impl|misc|common)\.[a-z]+$/.test(path));
  return vague.map((path) => `${path}: name the file after what it holds`);
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
}

/** A page has exactly one title. */
export function untitledPages(files: readonly TextFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const titles = withoutCode(text).match(/^# \S/gm)?.length ?? 0;
    return titles === 1 ? [] : [`${path}: ${titles} titles ("# …"), expected exactly one`];
  });
}

/** Links to files of the project lead somewhere. `exists` answers for a path from the root, a file or a folder. */
export function brokenLinks(files: readonly TextFile[], exists: (path: string) => boolean): string[] {
  return files.flatMap(({ path, text }) => {
    const targets = [...withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)].map((match) => match[1] ?? "");
    const local = targets.filter((target) => !/^([a-z][a-z0-9+.-]*:|#)/i.test(target));
    const lost = local.filter((target) => !exists(posix.join(posix.dirname(path), decodeURI(target.replace(/#.*$/, "")))));
    return lost.map((target) => `${path}: the link to ${target} leads nowhere`);
  });
}

/** Every code of the table is given somewhere in the source; a code nothing throws is a promise nobody keeps. */
export function unusedCodes(codes: readonly string[], sources: readonly TextFile[]): string[] {
  const elsewhere = sources.filter((file) => file.path.startsWith("src/") && !file.path.startsWith("src/errors/"));
  const unused = codes.filter((code) => !elsewhere.some((file) => file.text.includes(`"${code}"`)));
  return unused.map((code) => `error code "${code}" is in src/errors/codes.ts and no source gives it: throw it or remove it`);
}

/** Where packages came from is the business of whoever installs them: a host in the lock file breaks every other one. */
export function registryHosts(lockFile: string): string[] {
  const hosts = [...lockFile.matchAll(/"resolved": "[a-z+]*:\/\/([^/"]+)/g)].map((match) => match[1] ?? "");
  return [...new Set(hosts)].map((host) => `package-lock.json names the host ${host}: install with omit-lockfile-registry-resolved`);
}

/** Absolute paths of one machine mean nothing on another. */
export function machinePaths(files: readonly TextFile[]): string[] {
  const pattern = /(?<![\w.:/*$}-])\/(?:work|home|root|tmp)\/[\w.-]*/;
  return files.flatMap((file) => matchingLines(file, pattern, "a path of one machine: make it relative, or ask os.tmpdir()"));
}

/** Every model has its page and its timing test, `paths` being all files of the project. */
export function modelsWithoutCompanions(paths: readonly string[]): string[] {
  const present = new Set(paths);
  return modelPaths(paths).flatMap((path) => {
    const [, , family, file] = path.split("/");
    const name = (file ?? "").replace(/\.ts$/, "");
    const companions = [`docs/models/${family}/${name}.md`, `test/timing/${family}-${name}.test.ts`];
    return companions.filter((companion) => !present.has(companion)).map((companion) => `${path} lacks ${companion}`);
  });
}

/** The model files: one folder below src/models, doors excepted, and what models are made of. */
export function modelPaths(paths: readonly string[]): string[] {
  return paths.filter((path) => /^src\/models\/(?!parts\/)[^/]+\/[^/]+\.ts$/.test(path) && !path.endsWith("/index.ts"));
}

/** A page or a timing test whose model is gone. */
export function companionsWithoutModels(paths: readonly string[]): string[] {
  const models = new Set(modelPaths(paths).map((path) => path.slice("src/models/".length, -".ts".length)));
  const pages = paths.filter((path) => /^docs\/models\/[^/]+\/[^/]+\.md$/.test(path) && !path.endsWith("/README.md"));
  const lonely = pages.filter((path) => !models.has(path.slice("docs/models/".length, -".md".length)));
  return lonely.map((path) => `${path} describes no model of src/models: remove it`);
}

/** Every scenario of a folder with a README is listed there; scenarios/ itself must have one. */
export function unlistedScenarios(paths: readonly string[], files: readonly TextFile[]): string[] {
  const readmes = new Map(files.filter((file) => /^scenarios\/(.*\/)?README\.md$/.test(file.path)).map((file) => [posix.dirname(file.path), file.text]));
  const scenarios = paths.filter((path) => /^scenarios\/.*\.ya?ml$/.test(path));
  return scenarios.flatMap((path) => {
    const folder = posix.dirname(path);
    const readme = readmes.get(folder) ?? (folder === "scenarios" ? "" : undefined);
    return readme === undefined || readme.includes(posix.basename(path)) ? [] : [`${path} is not listed in ${folder}/README.md`];
  });
}
