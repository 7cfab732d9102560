/**
 * Server-sent events by `fetch`: unlike EventSource, it tells why a connection fails, and can be given the token.
 *
 * After a lost connection it asks again with `Last-Event-ID`, so that no event is missed and none comes twice.
 */

import { request } from "../server.js";

const MOST_WAIT = 10_000; // milliseconds between two attempts

/**
 * @typedef {object} ServerEvent
 * @property {string} id
 * @property {string} kind
 * @property {any} data
 */

export class EventStream {
  /**
   * @param {string} address
   * @param {(event: ServerEvent) => void} hear
   * @param {(connected: boolean, problem: string) => void} [tell] called when the connection is made or lost
   */
  constructor(address, hear, tell = () => {}) {
    this.address = address;
    this.hear = hear;
    this.tell = tell;
    this.last = "";
    this.retry = 1000; // milliseconds; the server may say another time
    this.closed = false;
    this.abort = new AbortController();
    this.done = this.follow();
  }

  close() {
    this.closed = true;
    this.abort.abort();
  }

  async follow() {
    for (let failures = 0; !this.closed; failures++) {
      try {
        await this.connect(() => (failures = 0));
        if (!this.closed) this.tell(false, "the connection was closed");
      } catch (error) {
        if (this.closed) return;
        this.tell(false, error instanceof Error ? error.message : String(error));
      }
      await new Promise((done) => setTimeout(done, Math.min(this.retry * 2 ** failures, MOST_WAIT)));
    }
  }

  /** @param {() => void} connected */
  async connect(connected) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "text/event-stream" };
    if (this.last) headers["Last-Event-ID"] = this.last;
    this.abort = new AbortController();
    const answer = await request(this.address, { headers, cache: "no-store", signal: this.abort.signal });
    if (!answer.body) throw new Error("the answer has no content");
    this.tell(true, "");
    connected();
    const parser = new Parser((event) => {
      this.last = event.id || this.last;
      this.hear(event);
    });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      parser.take(piece.value);
      this.retry = parser.retry ?? this.retry;
    }
  }
}

/** The format of the stream: fields line by line, an empty line behind each event. WHATWG, "Server-sent events". */
class Parser {
  /** @param {(event: ServerEvent) => void} hear */
  constructor(hear) {
    this.hear = hear;
    this.rest = "";
    /** @type {number | null} */
    this.retry = null;
    /** @type {{id: string, event: string, data: string[]}} */
    this.fields = { id: "", event: "message", data: [] };
  }

  /** @param {string} text a piece of the stream, cut anywhere */
  take(text) {
    const lines = (this.rest + text).split("\n");
    this.rest = /** @type {string} */ (lines.pop());
    for (const line of lines) this.line(line.replace(/\r$/, ""));
  }

  /** @param {string} line */
  line(line) {
    if (line === "") {
      const { id, event, data } = this.fields;
      this.fields = { id, event: "message", data: [] };
      if (data.length) this.hear({ id, kind: event, data: JSON.parse(data.join("\n")) });
      return;
    }
    const [, name, value] = /** @type {RegExpMatchArray} */ (line.match(/^([^:]*):? ?(.*)$/));
    if (name === "data") this.fields.data.push(value);
    else if (name === "id") this.fields.id = value;
    else if (name === "event") this.fields.event = value;
    else if (name === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
  }
}
