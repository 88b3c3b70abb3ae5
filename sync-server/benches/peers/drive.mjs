// Puts load on a server whose client is a file here: node drive.mjs hocuspocus URL
// Each line on standard input is what to do, with numbers after it; each line on standard output is what came of it, in JSON.

import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";

const [kind, url] = process.argv.slice(2);
const { Client } = await import(`./${kind}.mjs`);

const CLIENTS = 50;
const PAIRS = 25;
const PAUSE = 500;
const WARM_UP = 300;
const VALUE = 400;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const value = () => new Uint8Array(randomBytes(VALUE));
const many = (count, make) => Promise.all(Array.from({ length: count }, (_, n) => make(n)));
// So many that are not yet connected at once, as the relay's own load program opens them.
const oneByOne = async (count, make) => {
  const made = [];
  for (let n = 0; n < count; n++) made.push(await make(n));
  return made;
};

let clients = [];
const idle = [];

// Connects clients with documents of their own.
const open = async (round) => {
  clients = await oneByOne(CLIENTS, (n) => Client.open(url, `append-${round}-${n}`));
  return {};
};

// Each client appends one value after the other; says how many were acknowledged in the time that counts, and in all.
const append = async (seconds) => {
  let [all, running] = [0, true];
  const load = async (client) => {
    for (; running; all++) await client.append(value());
  };
  const loads = clients.map(load);
  await sleep(WARM_UP);
  const [start, before] = [performance.now(), all];
  await sleep(seconds * 1000);
  const [count, time] = [all - before, (performance.now() - start) / 1000];
  running = false;
  await Promise.all(loads);
  await Promise.all(clients.map((client) => client.close()));
  return { count, seconds: time, all };
};

// From A's change to the value in B's document, in milliseconds.
const deliver = async (round, seconds) => {
  const times = [];
  const each = (seconds * 1000) / PAUSE;
  const pairs = await oneByOne(PAIRS, async (n) => {
    const a = await Client.open(url, `pair-${round}-${n}`);
    await a.append(value());
    const b = await Client.open(url, `pair-${round}-${n}`);
    return [a, b];
  });
  await sleep(500);
  await many(PAIRS, async (n) => {
    const [[a, b], starts] = [pairs[n], []];
    b.heard = () => times.push(performance.now() - starts.shift());
    await sleep((PAUSE * n) / PAIRS);
    for (let number = 0; number < each; number++) {
      starts.push(performance.now());
      await Promise.all([a.append(value()), sleep(PAUSE)]);
    }
  });
  await sleep(500);
  await Promise.all(pairs.flat().map((client) => client.close()));
  return { times, sent: each * PAIRS };
};

// Makes a document of so many changes.
const fill = async (count) => {
  const client = await Client.open(url, "catch-up");
  await client.fill(Array.from({ length: count }, value));
  await client.close();
  return {};
};

// A fresh client fetches that document.
const catchUp = async (count) => {
  const start = performance.now();
  const client = new Client(url, "catch-up");
  while (client.size() < count) await sleep(0);
  const [ms, bytes] = [performance.now() - start, client.bytes()];
  await client.close();
  return { ms, bytes };
};

// Opens idle clients with documents of their own.
const listen = async (count) => {
  const before = idle.length;
  idle.push(...(await oneByOne(count, (n) => Client.open(url, `idle-${before + n}`))));
  return {};
};

// Appends so many values to one document, each after the one before was acknowledged.
const acknowledge = async (count) => {
  const client = await Client.open(url, "kill");
  for (let n = 0; n < count; n++) await client.append(value());
  return {};
};

// How many of them are there.
const held = async () => {
  const client = await Client.open(url, "kill");
  await sleep(1000);
  return { count: client.size() };
};

const verbs = { open, append, deliver, fill, "catch-up": catchUp, listen, acknowledge, held };
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...numbers] = line.split(" ");
  console.log(JSON.stringify(await verbs[verb](...numbers.map(Number))));
}
process.exit(0);
