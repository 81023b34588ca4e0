import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Manifest, manifestOfDirectory } from "../../../lazy/manifest/index.js";
import { mayTryAgain, type Origin, openOrigin, type Patience } from "../../../lazy/origins/index.js";
import { openRanges } from "../../../lazy/ranges/index.js";
import { archived, compressed } from "../layers/archives.js";
import { manifestOf } from "../layers/manifest-of.js";
import { Random } from "../random.js";
import { scratch } from "../scratch.js";
import { type Fault, serve } from "./server.js";
import { expectWhole } from "./whole.js";

const never = new AbortController().signal;
const patience: Patience = { attempts: 5, firstPauseMs: 1, longestPauseMs: 4, idleMs: 300 };

/** A file of 100,000 bytes on a server with a fault, its manifest, and the origin. */
async function faulty(fault: Fault): Promise<{ manifest: Manifest; origin: Origin; tree: string; url: string }> {
  const tree = scratch();
  writeFileSync(join(tree, "file"), new Random(1).bytes(100_000));
  const manifest = manifestOfDirectory(tree, 10_000);
  const { url } = await serve(tree, fault);
  return { manifest, origin: await openOrigin(manifest, url, { patience }), tree, url };
}

/** The headers of an answer to the range that was asked for. */
function headersFor({ range }: Parameters<Fault>[1]): { "content-range": string; "content-length": number } {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range!)!;
  return { "content-range": `bytes ${first}-${last}/100000`, "content-length": Number(last) - Number(first) + 1 };
}

const wrongContent: Fault = (response, seen) => {
  const headers = headersFor(seen);
  return !!response.writeHead(206, headers).end(Buffer.alloc(headers["content-length"], 7));
};

describe("a server that works", () => {
  test("gives a tree, over few connections that stay, several requests at once", async () => {
    const { tree } = archived("layer.tar", []);
    const manifest = manifestOfDirectory(tree, 32 * 1024);
    // The first ones are held until as many are there as may be.
    const held: (() => void)[] = [];
    let isFull = false;
    const { url, seen, connections, mostAtOnce } = await serve(tree, async () => {
      if (!isFull) await new Promise<void>((resolve) => held.push(resolve));
      return false;
    });
    const origin = await openOrigin(manifest, `${url}/`);
    const whole = expectWhole(manifest, origin, tree, manifest.chunks, 50);
    await expect.poll(() => held.length).toBe(origin.concurrency);
    isFull = true;
    for (const release of held) release();
    await whole;
    expect(seen.length).toBe(manifest.chunks.length);
    expect(origin.counts).toEqual({ requests: seen.length, bytes: expect.any(Number), retries: 0, corrupt: 0 });
    // The files are small: more requests at once than the 8 for chunks of 128 KiB.
    expect(origin.concurrency).toBeGreaterThan(8);
    expect(connections()).toBeLessThanOrEqual(origin.concurrency);
    expect(mostAtOnce()).toBe(origin.concurrency);
    await origin.close();
  });

  test.each(["tar", "gzip", "zstd"])("gives a layer (%s), of which the manifest is made too", async (program) => {
    const { tree, file } = archived("layer.tar", []);
    const packed = program === "tar" ? file : compressed(file, program, "-q");
    const { url } = await serve(dirname(packed));
    const manifest = await manifestOf(`${url}/${basename(packed)}`);
    expect(manifest).toEqual(await manifestOf(packed));
    const origin = await openOrigin(manifest, `${url}/${basename(packed)}?signature=secret`);
    expect(origin.name).not.toContain("secret");
    await expectWhole(manifest, origin, tree);
    expect(origin.counts).toMatchObject({ retries: 0, corrupt: 0 });
    await origin.close();
  });

  test("gets the user of its URL as a header, and no other host does", async () => {
    const elsewhere = await serve(scratch());
    const { manifest, tree } = await faulty(() => false);
    const { url, seen } = await serve(tree, (response, { path }) => {
      if (path !== "/file") return false;
      response.writeHead(307, { location: `${elsewhere.url}/file` }).end();
      return true;
    });
    const origin = await openOrigin(manifest, url.replace("//", "//me:pass%20word@"));
    await expect(origin.fetch(manifest.chunks[0]!, never)).rejects.toMatchObject({ code: "ORIGIN_REFUSED" });
    expect(seen[0]!.headers.authorization).toBe(`Basic ${Buffer.from("me:pass word").toString("base64")}`);
    expect(elsewhere.seen[0]!.headers.authorization).toBeUndefined();
    expect(origin.name).not.toContain("pass");
    await origin.close();
  });

  test("is followed where it redirects", async () => {
    const { manifest, tree } = await faulty(() => false);
    const { url } = await serve(tree, (response, { path }) => {
      if (!path.startsWith("/at/")) return false;
      response.writeHead(302, { location: path.replace("/at/", "/") }).end();
      return true;
    });
    const origin = await openOrigin(manifest, `${url}/at`);
    await expectWhole(manifest, origin, tree);
    await origin.close();
  });
});

describe("faults that pass", () => {
  const passing: Readonly<Record<string, Fault>> = {
    "503": (response) => !!response.writeHead(503, { "retry-after": "0" }).end(),
    "a broken connection": (response) => !!response.socket!.destroy(),
    "a body that is cut": (response, seen) => {
      response.writeHead(206, headersFor(seen));
      response.write(Buffer.alloc(5000), () => response.socket!.destroy());
      return true;
    },
    "no answer": () => true,
    "a body that stops": (response, seen) => {
      response.writeHead(206, headersFor(seen)).write(Buffer.alloc(5000));
      return true;
    },
    "wrong content": wrongContent,
  };
  test.each(Object.keys(passing))("%s: the chunk is fetched again", async (name) => {
    const { manifest, origin, tree } = await faulty((response, seen, count) =>
      count % 3 === 1 ? passing[name]!(response, seen, count) : false,
    );
    await expectWhole(manifest, origin, tree, manifest.chunks, 1);
    expect(origin.counts.retries + origin.counts.corrupt).toBeGreaterThan(2);
    await origin.close();
  });

  test("wrong content is counted as such, and never given out", async () => {
    const { manifest, origin, tree } = await faulty((response, seen, count) =>
      count < 4 ? wrongContent(response, seen, count) : false,
    );
    await expectWhole(manifest, origin, tree, manifest.chunks, 1);
    expect(origin.counts).toMatchObject({ corrupt: 3, retries: 0 });
    await origin.close();
  });
});

describe("faults that stay are told in one line, and say if another try makes sense", () => {
  const staying: Readonly<Record<string, [Fault, string, boolean]>> = {
    "503": [(response) => !!response.writeHead(503).end(), "it answered 503", true],
    "no answer": [() => true, "it was silent for 0.3 s", true],
    "a broken connection": [(response) => !!response.socket!.destroy(), "socket hang up", true],
    "404": [(response) => !!response.writeHead(404).end(), "it answered 404", false],
    "403": [(response) => !!response.writeHead(403).end(), "it answered 403", false],
    "200 instead of 206": [(response) => !!response.writeHead(200).end(Buffer.alloc(100_000)), "it does not serve ranges", false],
    "another range": [
      (response) => !!response.writeHead(206, { "content-range": "bytes 500-10499/100000" }).end(Buffer.alloc(10_000)),
      "it answered the range 500-10499 to the question for",
      false,
    ],
    "no Content-Range": [
      (response) => !!response.writeHead(206).end(Buffer.alloc(10_000)),
      "206 without a valid Content-Range",
      false,
    ],
    "a Content-Range that is none": [
      (response) => !!response.writeHead(206, { "content-range": "bytes 9999999999999999999999-1/x" }).end(),
      "206 without a valid Content-Range",
      false,
    ],
    "an encoded answer": [(response) => !!response.writeHead(206, { "content-encoding": "gzip" }).end(), "encoded (gzip)", false],
    "redirects without an end": [
      (response, { path }, count) => !!response.writeHead(302, { location: `${path}?${count}` }).end(),
      "redirects more than 5 times",
      false,
    ],
    "a redirect to a file": [
      (response) => !!response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      "not HTTP",
      false,
    ],
    "headers without an end": [
      (response) => {
        const socket = response.socket!;
        socket.write("HTTP/1.1 206 OK\r\n");
        const more = () => socket.destroyed || socket.write(`x: ${"y".repeat(10_000)}\r\n`, () => setImmediate(more));
        more();
        return true;
      },
      "Header overflow",
      true,
    ],
    "wrong content": [wrongContent, "it was fetched 4 times", false],
  };
  test.each(Object.keys(staying))("%s", async (name) => {
    const [fault, reason, again] = staying[name]!;
    const { manifest, origin } = await faulty(fault);
    const error = await origin.fetch(manifest.chunks[1]!, never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: expect.stringContaining(reason), fault: "host" });
    expect(mayTryAgain(error)).toBe(again);
    expect((error as Error).message).toMatch(/^[^\n]{1,300}$/);
    await origin.close();
  });

  test("a server that is not there", async () => {
    const { manifest } = await faulty(() => false);
    const origin = await openOrigin(manifest, "http://127.0.0.1:1", { patience });
    await expect(origin.fetch(manifest.chunks[0]!, never)).rejects.toMatchObject({ code: "ORIGIN_UNAVAILABLE" });
    expect(origin.counts).toMatchObject({ requests: 5, retries: 4 });
    await origin.close();
  });
});

describe("bodies without an end", () => {
  /** Writes for as long as the connection stands. */
  function pour(response: Parameters<Fault>[0], total: { bytes: number }): boolean {
    const piece = Buffer.alloc(64 * 1024);
    const more = () => {
      if (response.destroyed || response.socket?.destroyed !== false) return;
      total.bytes += piece.length;
      response.write(piece, () => setImmediate(more));
    };
    more();
    return true;
  }

  test("a body longer than its range is cut and refused", async () => {
    const total = { bytes: 0 };
    const { manifest, origin } = await faulty((response) => {
      response.writeHead(206, { "content-range": "bytes 10000-19999/100000" });
      return pour(response, total);
    });
    const refused = origin.fetch(manifest.chunks[1]!, never);
    await expect(refused).rejects.toMatchObject({ code: "ORIGIN_REFUSED", reason: "its answer is longer than 10000 bytes" });
    await expect
      .poll(async () => {
        const before = total.bytes;
        await sleep(50);
        return total.bytes - before;
      })
      .toBe(0);
    // What the two sockets hold, not more.
    expect(total.bytes).toBeLessThan(32 * 2 ** 20);
    await origin.close();
  });

  test("an error page without an end is not read", async () => {
    const total = { bytes: 0 };
    const { manifest, origin } = await faulty((response) => {
      response.writeHead(404);
      return pour(response, total);
    });
    await expect(origin.fetch(manifest.chunks[1]!, never)).rejects.toThrow("it answered 404");
    expect(total.bytes).toBeLessThan(32 * 2 ** 20);
    await origin.close();
  });
});

test("a server that ignores ranges gives whole files and streams, and nothing else", async () => {
  const ignoring: Fault = (_, seen) => {
    Object.assign(seen, { range: null });
    return false;
  };
  const { tree, file } = archived("layer.tar", [], { largeBytes: 300_000 });
  const small = manifestOfDirectory(tree, 2 ** 20);
  const { url } = await serve(tree, ignoring);
  const origin = await openOrigin(small, url, { patience });
  await expectWhole(small, origin, tree);
  await origin.close();
  const packed = compressed(file, "gzip");
  const layers = await serve(dirname(packed), ignoring);
  const manifest = await manifestOf(`${layers.url}/${basename(packed)}`);
  expect(manifest).toEqual(await manifestOf(packed));
  const refused = await openOrigin(manifest, `${layers.url}/${basename(packed)}`, { patience });
  await expect(refused.fetch(manifest.chunks[3]!, never)).rejects.toThrow("it does not serve ranges");
  await refused.close();
});

test("a body that trickles is ended, though the server is never silent", async () => {
  const tree = scratch();
  writeFileSync(join(tree, "file"), Buffer.alloc(10_000, 1));
  const manifest = manifestOfDirectory(tree, 10_000);
  const { url } = await serve(tree, (response, seen) => {
    response.writeHead(206, headersFor(seen));
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
    return true;
  });
  const origin = await openOrigin(manifest, url, { patience: { ...patience, attempts: 2 } });
  const refused = origin.fetch(manifest.chunks[0]!, never);
  await expect(refused).rejects.toMatchObject({ code: "ORIGIN_UNAVAILABLE", reason: "it took longer than 1 s" });
  expect(origin.counts).toMatchObject({ requests: 2, retries: 1 });
  await origin.close();
});

test("fetches that are under way end with their origin, and later ones fail", async () => {
  const { manifest, origin } = await faulty(() => true);
  const fetching = origin.fetch(manifest.chunks[0]!, never);
  setTimeout(() => void origin.close(), 20);
  await expect(fetching).rejects.toMatchObject({ code: "ORIGIN_UNAVAILABLE", problem: expect.stringContaining("is closed") });
  await expect(origin.fetch(manifest.chunks[0]!, never)).rejects.toThrow("is closed");
});

describe("aborts", () => {
  test("a fetch that waits for an answer ends at once", async () => {
    const { manifest, origin } = await faulty(() => true);
    const controller = new AbortController();
    const fetching = origin.fetch(manifest.chunks[0]!, controller.signal);
    setTimeout(() => controller.abort(new Error("no longer needed")), 20);
    await expect(fetching).rejects.toThrow("no longer needed");
    await origin.close();
  });

  test("a fetch that waits for its turn ends at once, and takes no place", async () => {
    const answers: (() => void)[] = [];
    const { manifest, origin, tree } = await faulty((response, _, count) => {
      if (count > 8) return false;
      answers.push(() => response.writeHead(503).end());
      return true;
    });
    const first = manifest.chunks.slice(0, 8).map((chunk) => origin.fetch(chunk, never));
    const controller = new AbortController();
    const waiting = origin.fetch(manifest.chunks[9]!, controller.signal);
    controller.abort(new Error("no longer needed"));
    await expect(waiting).rejects.toThrow("no longer needed");
    await expect.poll(() => answers.length).toBe(8);
    for (const answer of answers) answer();
    await Promise.all(first);
    await expectWhole(manifest, origin, tree);
    await origin.close();
  });

  test("one of two that wait for the same pack gives up, and the other gets it", async () => {
    const { tree, file } = archived("layer.tar", [], { smallFiles: 50 });
    const packed = compressed(file, "gzip");
    const manifest = await manifestOf(packed);
    const held: (() => void)[] = [];
    const { url, seen } = await serve(dirname(packed), (_, __, count) =>
      count > 1 ? false : new Promise((resolve) => held.push(() => resolve(false))),
    );
    const origin = await openOrigin(manifest, `${url}/${basename(packed)}`);
    const [a, b] = manifest.chunks;
    expect(a!.place).toMatchObject({ pack: 0 });
    expect(b!.place).toMatchObject({ pack: 0 });
    const controller = new AbortController();
    const gone = origin.fetch(a!, controller.signal);
    const kept = origin.fetch(b!, never);
    await expect.poll(() => held.length).toBe(1);
    controller.abort(new Error("no longer needed"));
    await expect(gone).rejects.toThrow("no longer needed");
    held[0]!();
    expect((await kept).length).toBe(b!.size);
    expect(seen.length).toBe(1);
    await expectWhole(manifest, origin, tree);
    await origin.close();
  });
});

test("a lossy server: 5 % errors and 1 % wrong content, every byte is right", async () => {
  const { tree } = archived("layer.tar", [], { largeBytes: 8_000_000 });
  const manifest = manifestOfDirectory(tree, 4096);
  expect(manifest.chunks.length).toBeGreaterThan(2000);
  const random = new Random(11);
  let faults = 0;
  const { url, seen: requests } = await serve(tree, (response, seen) => {
    const luck = random.below(100);
    if (luck >= 6) return false;
    faults++;
    if (luck < 3) return !!response.writeHead(500).end();
    if (luck < 5) return !!response.socket!.destroy();
    return wrongContent(response, seen, faults);
  });
  // A busy machine must not look like a silent server.
  const origin = await openOrigin(manifest, url, { patience: { ...patience, idleMs: 60_000 } });
  await expectWhole(manifest, origin, tree, manifest.chunks, 8);
  // Nothing is fetched twice without a fault.
  expect(requests.length).toBe(manifest.chunks.length + faults);
  expect(origin.counts.retries + origin.counts.corrupt).toBe(faults);
  await origin.close();
});

test("a stream that breaks goes on where it was", async () => {
  const { tree, file } = archived("layer.tar", []);
  const packed = compressed(file, "zstd", "-q");
  const manifest = await manifestOf(packed);
  const content = readFileSync(packed);
  const places: number[] = [];
  const { url } = await serve(dirname(packed), (response, { range }, count) => {
    if (count > 4) return false;
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    places.push(from);
    const headers = {
      "content-range": `bytes ${from}-${content.length - 1}/${content.length}`,
      "content-length": content.length - from,
    };
    response.writeHead(from === 0 ? 200 : 206, headers);
    // The second connection brings nothing.
    const part = content.subarray(from, from + (count === 2 ? 0 : 50_000));
    response.write(part.length === 0 ? "" : part, () => setTimeout(() => response.socket!.destroy(), 30));
    response.flushHeaders();
    return true;
  });
  const origin = await openOrigin(manifest, `${url}/${basename(packed)}`, { patience });
  await expectWhole(manifest, origin, tree);
  expect(places).toEqual([0, 50_000, 50_000, 100_000]);
  expect(origin.counts).toMatchObject({ corrupt: 0, retries: 4, bytes: content.length });
  await origin.close();
});

test("a stream that nobody asks for more of is held, and is not taken for a silent server", async () => {
  const { tree, file } = archived("layer.tar", [], { largeBytes: 20_000_000, smallFiles: 5 });
  const packed = compressed(file, "zstd", "-q", "--fast=5");
  const manifest = await manifestOf(packed);
  const { url, seen } = await serve(dirname(packed));
  const origin = await openOrigin(manifest, `${url}/${basename(packed)}`, { patience });
  await origin.fetch(manifest.chunks[0]!, never);
  const { bytes } = origin.counts;
  await sleep(3 * patience.idleMs);
  expect(origin.counts.bytes).toBe(bytes);
  await expectWhole(manifest, origin, tree);
  expect([seen.length, origin.counts.retries]).toEqual([1, 0]);
  await origin.close();
});

test("a URL that is none is refused", () => {
  expect(() => openRanges("http://")).toThrow('invalid URL "http://": expected http://HOST/PATH or https://HOST/PATH');
});
