import { z } from "zod";
import { type FigureKey, type Party, parties } from "./registry.js";
import { type Figures, rowOf } from "./values.js";

/** A value of a figure: its place in an object of `run.json`. */
interface Leaf {
  readonly key: FigureKey;
  readonly party: Party | null;
  readonly path: readonly string[];
}

/** The place of some figures in an object of `run.json`: its schema, and the way there and back. */
export interface Layout {
  readonly shape: z.ZodRawShape;
  /** Reads figures. One that the object lacks, because an older version wrote it, is null. */
  decode(object: object): Partial<Figures>;
  /** Writes figures, in the registry's order. */
  encode(figures: Partial<Figures>): Record<string, unknown>;
}

type Tree = { [name: string]: Tree | FigureKey };

function leavesOf(key: FigureKey, where: "sample" | "startup"): Leaf[] {
  const { of, path, isTransition } = rowOf(key);
  const samplePath = isTransition && where === "sample" ? `transitions.{party}.${key}` : undefined;
  const template = samplePath ?? path ?? (of === "party" ? `${key}.{party}` : key);
  if (of !== "party") return [{ key, party: null, path: template.split(".") }];
  return parties.map((party) => ({ key, party, path: template.replace("{party}", party).split(".") }));
}

/** The object in which the last name of a path stands; made where it is not there. */
function holderOf<Holder extends object>(root: Holder, path: readonly string[]): Record<string, unknown> {
  return path.slice(0, -1).reduce<Record<string, unknown>>(
    (node, name) => {
      node[name] ??= {};
      return node[name] as Record<string, unknown>;
    },
    root as Record<string, unknown>,
  );
}

function shapeOf(tree: Tree): z.ZodRawShape {
  const entries = Object.entries(tree).map(([name, node]) => {
    const schema = typeof node === "string" ? rowOf(node).value : z.object(shapeOf(node));
    return [name, schema.nullish()] as const;
  });
  return Object.fromEntries(entries);
}

function valueAt(root: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, name) => (node as Record<string, unknown> | null | undefined)?.[name], root) ?? null;
}

/** @param where a sample, or the startup overhead that it holds: two figures stand elsewhere in it */
export function layoutOf(keys: readonly FigureKey[], where: "sample" | "startup"): Layout {
  const leaves = keys.flatMap((key) => leavesOf(key, where));
  const tree: Tree = {};
  for (const { key, path } of leaves) holderOf(tree, path)[path.at(-1)!] = key;
  return {
    shape: shapeOf(tree),
    decode(object) {
      const figures: Record<string, unknown> = {};
      for (const { key, party, path } of leaves) {
        const place = party === null ? [key] : [key, party];
        holderOf(figures, place)[place.at(-1)!] = valueAt(object, path);
      }
      return figures;
    },
    encode(figures) {
      const object: Record<string, unknown> = {};
      for (const { key, party, path } of leaves) {
        holderOf(object, path)[path.at(-1)!] = valueAt(figures, party === null ? [key] : [key, party]);
      }
      return object;
    },
  };
}
