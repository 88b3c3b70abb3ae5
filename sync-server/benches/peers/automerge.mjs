// A client of an automerge-repo sync server with one document, without the repository's own pauses between messages, so
// that the figures are the server's.

import { createHash } from "node:crypto";
import * as A from "@automerge/automerge";
import { stringifyAutomergeUrl } from "@automerge/automerge-repo";
import { decode, Encoder } from "cbor-x";
import WebSocket from "ws";

const encoder = new Encoder({ tagUint8Array: false, useRecords: false });
let peers = 0;

// The same name is the same document for every client; the server takes only what looks like a random UUID.
const documentId = (name) => {
  const binary = new Uint8Array(createHash("sha256").update(name).digest().subarray(0, 16));
  binary[6] = 0x40 | (binary[6] & 0x0f);
  binary[8] = 0x80 | (binary[8] & 0x3f);
  return stringifyAutomergeUrl(binary).slice("automerge:".length);
};

const push = (root, value) => {
  root.values ??= [];
  root.values.push(value);
};

export class Client {
  heard = () => {};
  #loaded = () => {};
  #acknowledged = () => {};

  static async open(url, name) {
    const client = new Client(url, name);
    await new Promise((loaded) => (client.#loaded = loaded));
    return client;
  }

  constructor(url, name) {
    this.id = `load-${process.pid}-${peers++}`;
    this.document = documentId(name);
    this.doc = A.init();
    this.state = A.initSyncState();
    this.socket = new WebSocket(url.replace("http", "ws"), { perMessageDeflate: false });
    this.socket.on("open", () => {
      const metadata = { isEphemeral: true };
      this.#send({ type: "join", peerMetadata: metadata, supportedProtocolVersions: ["1"] });
    });
    this.socket.on("message", (data) => this.#receive(decode(data)));
  }

  // Puts a value into the document; resolves when the server's heads are this document's.
  append(value) {
    return this.fill([value]);
  }

  // Puts in many values, each a change of its own; resolves when the server has all.
  fill(values) {
    this.doc = values.reduce((doc, value) => A.change(doc, (root) => push(root, value)), this.doc);
    return new Promise((resolve) => {
      this.#acknowledged = resolve;
      this.#exchange("sync");
    });
  }

  size() {
    return this.doc.values?.length ?? 0;
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

  #send(message) {
    this.socket.send(encoder.encode({ senderId: this.id, targetId: this.server, ...message }));
  }

  #exchange(type) {
    const [state, data] = A.generateSyncMessage(this.doc, this.state);
    this.state = state;
    if (data) this.#send({ type, documentId: this.document, data });
  }

  #receive(message) {
    if (message.type === "peer") {
      this.server = message.senderId;
      this.#exchange("request");
    } else if (message.documentId === this.document) {
      if (message.type === "sync") this.#merge(new Uint8Array(message.data));
      this.#loaded();
    }
  }

  #merge(data) {
    const before = this.size();
    [this.doc, this.state] = A.receiveSyncMessage(this.doc, this.state, data);
    for (let n = before; n < this.size(); n++) this.heard();
    this.#exchange("sync");
    const [ours, theirs] = [A.getHeads(this.doc), A.decodeSyncMessage(data).heads];
    if (ours.length === theirs.length && ours.every((head) => theirs.includes(head))) this.#acknowledged();
  }
}
