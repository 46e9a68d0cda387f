// Copying and downloading: what is beyond the window goes through the kernel.
import { copyText } from "../shared/clipboard.ts";
import { counted } from "./amounts.ts";
import type { Channel, EncodedLine, Space } from "./protocol.ts";

interface Copied {
  request: number;
  text: string;
  complete: boolean;
}

interface Chunk {
  request: number;
  index: number;
  last: boolean;
  name: string;
}

interface Whole {
  request: number;
  lines: EncodedLine[];
}

export class Transfer {
  private copyRequest = -1;
  private copyCount = 0;
  private downloadRequest = -1;
  private wholeRequest = -1;
  private chunks: BlobPart[] = [];

  constructor(
    private readonly channel: Channel,
    private readonly say: (text: string) => void,
    private readonly showWhole: (line: EncodedLine) => void,
  ) {
    channel.on<Copied>("copy", (copied) => void this.takeCopy(copied));
    channel.on<Chunk>("download", (chunk, buffers) => this.takeChunk(chunk, buffers));
    channel.on<Whole>("whole", (whole) => {
      const [line] = whole.lines;
      if (whole.request === this.wholeRequest && line) this.showWhole(line);
    });
  }

  copy(lines: { space: Space; cuts: number }, start: number, count: number): void {
    const { space, cuts } = lines;
    this.copyCount = count;
    this.copyRequest = this.channel.send("copy", { space, start, count, cuts });
    this.say("Copying …");
  }

  download(space: Space): void {
    this.chunks = [];
    this.downloadRequest = this.channel.send("download", { space });
    this.say("Preparing the download …");
  }

  whole(number: number): void {
    this.wholeRequest = this.channel.send("whole", { number });
  }

  private async takeCopy(copied: Copied): Promise<void> {
    if (copied.request !== this.copyRequest) return;
    const done = await copyText(copied.text);
    const lines = copied.complete ? this.copyCount : copied.text.split("\n").length;
    const some = `Copied ${counted(lines)}`;
    const limit = `${some}, all that a clipboard takes: download the log for the rest.`;
    const refused = "The browser did not allow the copy. Press Copy again.";
    this.say(!done ? refused : copied.complete ? `${some}.` : limit);
  }

  private takeChunk(chunk: Chunk, buffers: readonly DataView[]): void {
    if (chunk.request !== this.downloadRequest) return;
    for (const { buffer, byteOffset, byteLength } of buffers) {
      this.chunks.push(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
    }
    this.channel.send("chunk_taken", { index: chunk.index });
    if (!chunk.last) {
      this.say(`Downloading … ${(chunk.index / 2).toFixed(0)} MB`);
      return;
    }
    saveFile(new Blob(this.chunks, { type: "text/plain" }), chunk.name);
    this.chunks = [];
    this.say(`Saved ${chunk.name}.`);
  }
}

function saveFile(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
