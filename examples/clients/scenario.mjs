/**
 * What each client goes through: it becomes ready, gets messages, loses its connection, is told to reconnect (op 7).
 * Some of the messages are sent while it is away, so that they have to be replayed.
 */

/** Numbered messages, by when they are sent. */
const MESSAGES = { live: 40, dropTcp: { away: 10, after: 20 }, requestReconnect: { away: 10, after: 20 } };

/** Longest waits, in ms. */
const LIMITS = { ready: 90_000, resumed: 45_000, messages: 15_000, doubles: 500 };

/** What a client did. */
export class Report {
  /** Milliseconds from its start until it said that it is ready; null if it never did. */
  ready = null;
  sent = 0;
  /** Numbers of the messages that reached the user, in that order. */
  received = [];
  /** Milliseconds from the order until RESUMED; null if it did not come. */
  resumed = { dropTcp: null, requestReconnect: null };
  /** Messages of the library that are about something other than the lost connection. */
  complaints = [];
  /** What the simulator refused: requests, and connections that it closed. */
  refusals = [];
  /** What ended the scenario before its end; null if nothing did. */
  stopped = null;

  get lost() {
    return this.sent - new Set(this.received).size;
  }

  get doubled() {
    return this.received.length - new Set(this.received).size;
  }

  get inOrder() {
    return this.received.every((number, i) => i === 0 || number > this.received[i - 1]);
  }

  /** What is wrong, as sentences; none if the client passed. */
  get problems() {
    const { stopped, lost, doubled, complaints, refusals } = this;
    return [
      ...(stopped === null ? [] : [stopped]),
      ...(lost === 0 ? [] : [`${lost} of ${this.sent} messages did not arrive`]),
      ...(doubled === 0 ? [] : [`${doubled} messages arrived more than once`]),
      ...complaints.map((line) => `it says: ${line}`),
      ...refusals.map((what) => `the simulator refused ${what}`),
    ];
  }
}

/**
 * Plays the scenario with a client that is about to connect.
 * `control` is that of the simulator; `client` is what `connectingClient` returns.
 */
export async function play(control, client, { limits = LIMITS, messages = MESSAGES } = {}) {
  const report = new Report();
  try {
    await live(control, client, report, limits, messages);
  } catch (error) {
    report.stopped = error.message;
  }
  report.received = client.received.map((id) => Number(BigInt(id) - FIRST_MESSAGE));
  report.complaints = client.complaints;
  report.refusals = await refusalsIn(control);
  return report;
}

async function live(control, client, report, limits, messages) {
  const started = performance.now();
  await client.until('becomes ready', () => client.said('READY') > 0, limits.ready);
  report.ready = Math.round(performance.now() - started);

  const { entries } = await control.log(0, { t: 'GUILD_CREATE' });
  const send = async (count) => {
    for (let n = 0; n < count; n += 1) {
      const reached = await control.order('dispatch', { name: 'MESSAGE_CREATE', data: message(entries, report.sent) });
      if (reached !== 1) throw new Error(`${reached} sessions are there for a message, not 1`);
      report.sent += 1;
    }
  };
  const all = () => new Set(client.received).size === report.sent;
  await send(messages.live);
  await client.until('gets the messages', all, limits.messages);

  for (const order of ['dropTcp', 'requestReconnect']) {
    const { last } = await control.log(0, { kind: 'open' });
    const ordered = performance.now();
    await control.order(order);
    await send(messages[order].away);
    await resumed(control, last, limits.resumed);
    report.resumed[order] = Math.round(performance.now() - ordered);
    await send(messages[order].after);
    await client.until(`gets the messages after ${order}`, all, limits.messages);
  }
  await new Promise((resolve) => setTimeout(resolve, limits.doubles));
}

async function resumed(control, after, ms) {
  if ((await control.wait(after, { t: 'RESUMED' }, ms)) !== null) return;
  const { entries } = await control.log(after, { direction: 'client', op: 2 });
  throw new Error(entries.length > 0 ? 'it identifies instead of resuming' : 'it does not resume');
}

/** The id of the first message: a snowflake of 2026-01-01. */
const FIRST_MESSAGE = BigInt(Date.UTC(2026, 0, 1) - 1_420_070_400_000) << 22n;

/** The id of the message of a number. */
export const idOf = (number) => `${FIRST_MESSAGE + BigInt(number)}`;

/** The message of a number, in the guilds of the log by turns, with every field that is documented as present. */
function message(guilds, number) {
  const guild = guilds[number % guilds.length].payload.d;
  return {
    id: idOf(number),
    type: 0,
    content: `${number}`,
    channel_id: guild.channels[0].id,
    guild_id: guild.id,
    author: {
      id: guild.owner_id,
      username: 'somebody',
      discriminator: '0',
      global_name: null,
      avatar: null,
      bot: false,
      public_flags: 0,
    },
    member: {
      nick: null,
      avatar: null,
      roles: [],
      joined_at: guild.joined_at,
      premium_since: null,
      deaf: false,
      mute: false,
      flags: 0,
    },
    timestamp: '2026-01-01T00:00:00.000000+00:00',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    flags: 0,
  };
}

async function refusalsIn(control) {
  const { entries } = await control.log(0);
  const closedByClient = new Set();
  return entries.flatMap(({ kind, direction, connection, code, method, path, status, error = '' }) => {
    if (kind === 'request' && status >= 400) return [`${method} ${path}: ${status} ${error}`];
    if (kind === 'refused') return [`a WebSocket handshake for ${path}: ${status}`];
    if (kind === 'close' && direction === 'client') closedByClient.add(connection);
    // What follows a close frame of the client is the answer to it.
    const isRefusal = kind === 'close' && code >= 4000 && !closedByClient.has(connection);
    return isRefusal ? [`a connection: ${code} ${error}`] : [];
  });
}
