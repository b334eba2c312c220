/** What .ci/runtimes.mjs runs everywhere: a shard that finds the Gateway, gets ready, resumes and stops. Returns how long each took. */
export async function run(createShard, { restUrl, controlUrl, ...options }) {
  const order = (name, body) =>
    fetch(`${controlUrl}/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(body),
    }).then((response) => response.text());
  const began = performance.now();
  const since = () => `${Math.round(performance.now() - began)} ms`;

  const shard = createShard({ token: 'token', intents: ['GUILDS'], restUrl, ...options });
  const got = [];
  const resumed = new Promise((resolve) => shard.once('RESUMED', resolve));
  shard.on('dispatch', ({ name, sequence }) => got.push(`${sequence} ${name}`));

  await shard.start();
  const ready = since();
  await order('requestReconnect', {});
  await order('dispatch', { name: 'MESSAGE_CREATE', data: { content: 'hello' } });
  await resumed;
  const back = since();
  const message = new Promise((resolve) => shard.once('MESSAGE_CREATE', resolve));
  await order('dispatch', { name: 'MESSAGE_CREATE', data: { content: 'hello again' } });
  await message;
  await shard.stop();

  const numbers = got.map((entry) => Number.parseInt(entry, 10));
  if (numbers.some((number, n) => number !== n + 1)) throw new Error(`lost or repeated: ${got.join(', ')}`);
  return `ready after ${ready}, resumed after ${back}, stopped after ${since()}`;
}
