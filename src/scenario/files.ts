import { WirelatError, type SourcePlace } from "../errors/index.js";
import { quoted } from "../units/index.js";

/** A folder from which files are read and out of which no path leads. Names are relative, with forward slashes. */
export interface FileFolder {
  /** How messages call a file of it. */
  readonly label: (name: string) => string;
  readonly has: (name: string) => boolean;
  /** Throws `file-unreadable`, also for a file larger than `limit` bytes, and `file-outside`. */
  readonly read: (name: string, limit: number) => Uint8Array;
  /** Where a file of it lies on disk; absent for a folder that is on none. */
  readonly path?: (name: string) => string;
  /** Names of all files below `folder` that end in `ending`, sorted. */
  readonly list: (folder: string, ending: string) => readonly string[];
}

/** Where a scenario finds what it names: beside itself, then among what the package brings along. */
export interface FileAccess {
  readonly own: FileFolder;
  readonly bundled: FileFolder;
  /** Folders of plug-ins, whose presets come before those of the package. */
  readonly plugins?: readonly FileFolder[];
}

export interface FileRef {
  readonly folder: FileFolder;
  readonly name: string;
}

/**
 * The name of a file written as `path` in the file `from`, both relative to one folder. Throws `file-outside` for a path
 * that is absolute, climbs out of the folder, or is none that every system reads alike.
 */
export function confinedName(from: string, path: string, place: SourcePlace): string {
  const refuse = (why: string): never => {
    throw new WirelatError("file-outside", `${quoted(path)} ${why}`, { place, remedy: "Name a file in the folder of the scenario or below it, with forward slashes." });
  };
  if (path === "" || path.length > 500 || /[\u0000-\u001f\\:]/u.test(path)) refuse("is not a relative path");
  if (path.startsWith("/") || path.startsWith("~")) refuse("is not relative to the scenario");
  const parts = from.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) refuse("leads out of the folder of the scenario");
    } else if (part !== "." && part !== "") parts.push(part);
  }
  if (parts.length === 0) refuse("names no file");
  return parts.join("/");
}

/** The text of a file as UTF-8. Throws `file-unreadable` with the place that named it. */
export function readText(file: FileRef, limit: number, place: SourcePlace | null): string {
  const label = file.folder.label(file.name);
  const details = { ...(place === null ? {} : { place }), remedy: "Save it as UTF-8." };
  const bytes = readBytes(file, limit, place);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new WirelatError("file-unreadable", `${label} is not text in UTF-8`, details);
  }
}

export function readBytes(file: FileRef, limit: number, place: SourcePlace | null): Uint8Array {
  try {
    return file.folder.read(file.name, limit);
  } catch (error) {
    if (error instanceof WirelatError && error.place === undefined && place !== null) throw error.at(place);
    throw error;
  }
}
