import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import { type LayerOptions, manifestOfSource } from "../lazy/layers/index.js";
import { linesOf } from "../lazy/manifest/index.js";
import { formatSize, parseSizeBytes } from "../workloads/index.js";
import { badOption } from "./option-values.js";

/** On a link of 20 Mbit/s a chunk takes about a round trip of 50 ms. Smaller chunks wait more, larger ones bring more unneeded bytes. */
const CHUNK_BYTES = 128 * 1024;
/** A small read of a .tar.gz unpacks as much. A checkpoint costs up to 32 KiB of manifest. */
const CHECKPOINT_BYTES = 2 ** 20;

export function describe(command: Command): void {
  command
    .summary("describe a tree")
    .description(
      "Prints the manifest of SOURCE: the names, attributes and links of its tree, and a digest for each chunk of its files. SOURCE is a directory, or a layer (.tar, .tar.gz, .tar.zst, eStargz) as a file or an HTTP URL. A .tar.gz can be read at random afterwards, without conversion. A .tar.zst can't: it is unpacked as it arrives.",
    )
    .argument("<source>", "a directory, a layer's file, or a layer's URL")
    .addOption(
      new Option("--chunk <size>", "the bytes of a chunk, 4KB to 16MB; eStargz has chunks of its own")
        .argParser((text) => sizeOf("chunk", text, 4096))
        .default(CHUNK_BYTES, formatSize(CHUNK_BYTES)),
    )
    .addOption(
      new Option("--checkpoints <size>", "the distance of the places where reading a .tar.gz can begin, unpacked, 64KB to 16MB")
        .argParser((text) => sizeOf("checkpoints", text, 64 * 1024))
        .default(CHECKPOINT_BYTES, formatSize(CHECKPOINT_BYTES)),
    )
    .option("--toc-digest <digest>", "the digest that the table of contents of an eStargz layer must have", digestOf)
    .addHelpText(
      "after",
      "\nExamples:\n  fusemeter lazy manifest /srv/app > app.manifest\n  fusemeter lazy manifest layer.tar.gz > layer.manifest",
    )
    .action(run);
}

function sizeOf(name: string, text: string, least: number): number {
  const bytes = parseSizeBytes(text, `--${name}`);
  if (bytes >= least && bytes <= 16 * 2 ** 20) return bytes;
  throw badOption(name, text, `a size from ${formatSize(least)} to 16MB`);
}

function digestOf(text: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text;
  throw badOption("toc-digest", text, "sha256: and 64 hexadecimal digits");
}

interface Values {
  readonly chunk: number;
  readonly checkpoints: number;
  readonly tocDigest?: string;
}

async function run(source: string, { chunk, checkpoints, tocDigest }: Values): Promise<void> {
  const options: LayerOptions = { chunkBytes: chunk, spanBytes: checkpoints, tocDigest: tocDigest ?? null };
  const manifest = await manifestOfSource(source, options);
  if (manifest.kind === "tar.zst") {
    console.error(`fusemeter: ${source} is a .tar.zst: it can't be read at random, and is unpacked as it arrives`);
  }
  try {
    // A pipe takes as much as its reader does.
    await pipeline(Readable.from(linesOf(manifest)), process.stdout, { end: false });
  } catch (error) {
    // A reader may stop reading, as head(1) does.
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}
