// A client of hocuspocus with one document, as small as it can be, so that the figures are the server's.

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import WebSocket from "ws";
import * as sync from "y-protocols/sync";
import * as Y from "yjs";

const SYNC = 0;
const AUTH = 2;
const SYNC_REPLY = 4;
const STORED = 8;
const FROM_SERVER = "server";

export class Client {
  heard = () => {};
  #acknowledged = () => {};

  // The server acknowledges the greeting like a change, after it has sent the document.
  static async open(url, name) {
    const client = new Client(url, name);
    await new Promise((greeted) => (client.#acknowledged = greeted));
    return client;
  }

  constructor(url, name) {
    this.name = name;
    this.doc = new Y.Doc();
    this.values = this.doc.getArray("values");
    this.doc.on("update", (update, origin) => {
      if (origin !== FROM_SERVER) this.#send(SYNC, (to) => sync.writeUpdate(to, update));
    });
    this.values.observe(({ transaction, changes }) => {
      if (transaction.origin === FROM_SERVER) changes.added.forEach(() => this.heard());
    });
    this.socket = new WebSocket(url.replace("http", "ws"), { perMessageDeflate: false });
    this.socket.on("open", () => this.#hello());
    this.socket.on("message", (data) => this.#receive(new Uint8Array(data)));
  }

  // Puts a value into the document; resolves when the server says that it has it.
  append(value) {
    return this.fill([value]);
  }

  // Puts in many values one after the other, each a change of its own; resolves when the server has all.
  fill(values) {
    return new Promise((resolve) => {
      let missing = values.length;
      this.#acknowledged = () => --missing === 0 && resolve();
      values.forEach((value) => this.values.push([value]));
    });
  }

  size() {
    return this.values.length;
  }

  bytes() {
    return this.socket._socket.bytesRead;
  }

  close() {
    return new Promise((closed) => {
      this.socket.on("close", closed);
      this.socket.close();
    });
  }

  #hello() {
    this.#send(AUTH, (to) => {
      encoding.writeVarUint(to, 0);
      encoding.writeVarString(to, "");
    });
    this.#send(SYNC, (to) => sync.writeSyncStep1(to, this.doc));
  }

  #send(type, write) {
    const to = encoding.createEncoder();
    encoding.writeVarString(to, this.name);
    encoding.writeVarUint(to, type);
    write(to);
    this.socket.send(encoding.toUint8Array(to));
  }

  #receive(data) {
    const from = decoding.createDecoder(data);
    decoding.readVarString(from);
    const type = decoding.readVarUint(from);
    if (type === STORED) {
      this.#acknowledged();
    } else if (type === SYNC || type === SYNC_REPLY) {
      this.#exchange(from);
    }
  }

  #exchange(from) {
    const to = encoding.createEncoder();
    sync.readSyncMessage(from, to, this.doc, FROM_SERVER);
    if (encoding.length(to) > 0) {
      this.#send(SYNC, (out) => encoding.writeUint8Array(out, encoding.toUint8Array(to)));
    }
  }
}
