// A fixed piece of work, by which what the tiers of the tests cost is compared between machines (.ci/cost): look-ups in a
// table larger than most caches, maps of short texts, and objects that are soon forgotten, as the project's own work has.
// It takes as long as the product with two messages in flight took when the bounds of the tiers were set: 60 rounds and the
// product with one message were measured side by side on one machine (10.0 and 6.1 CPU s; with two it took 6.1 times as long).
const ROUNDS = 225;
const STEPS = 200_000;
const table = new Uint32Array(1 << 24);
let seed = 1;
let sum = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const names = new Map();
  for (let step = 0; step < STEPS; step += 1) {
    seed = (Math.imul(seed ^ (seed >>> 15), 0x85ebca6b) + step) >>> 0;
    const at = seed & (table.length - 1);
    table[at] = (table[at] + step) >>> 0;
    const name = String.fromCharCode(seed & 127, (seed >>> 7) & 127);
    const entry = names.get(name) ?? { name, count: 0 };
    names.set(name, { ...entry, count: entry.count + (table[at] & 1) });
  }
  for (const { count } of names.values()) sum += count;
}
console.log(sum);
