/** Application commands that a client registers: kept and echoed, and never used. */
import { BOT_ID } from './world.js';

/** A command, as it is echoed. */
export type ApplicationCommand = Readonly<Record<string, unknown>> & { readonly id: string; readonly name: string };

/** Places with commands that are kept; the oldest gives way. */
const MOST_PLACES = 1_000;
/** Commands of one place: global ones, or those of a guild. */
const MOST_COMMANDS = 130;

/** The commands of a bot, by place: a guild's id, or null for global ones. */
export class ApplicationCommands {
  #places = new Map<string | null, readonly ApplicationCommand[]>();
  #made = 0;

  of(guild: string | null): readonly ApplicationCommand[] {
    return this.#places.get(guild) ?? [];
  }

  /** Registers commands in place of all others there; null if one of them is invalid. */
  replace(guild: string | null, given: unknown): readonly ApplicationCommand[] | null {
    if (!Array.isArray(given) || given.length > MOST_COMMANDS || !given.every(isCommand)) return null;
    const commands = given.map((command) => this.#echo(guild, command));
    this.#places.delete(guild);
    this.#places.set(guild, commands);
    const [oldest] = this.#places.keys();
    if (this.#places.size > MOST_PLACES && oldest !== undefined) this.#places.delete(oldest);
    return commands;
  }

  /** Registers one more command, in place of any of the same name and type; null if it is invalid. */
  add(guild: string | null, given: unknown): ApplicationCommand | null {
    if (!isCommand(given)) return null;
    const others = this.of(guild).filter(({ name, type }) => name !== given.name || type !== (given.type ?? 1));
    return this.replace(guild, [...others, given])?.at(-1) ?? null;
  }

  clear(): void {
    this.#places.clear();
  }

  #echo(guild: string | null, command: Given): ApplicationCommand {
    this.#made += 1;
    return {
      type: 1,
      description: '',
      name_localizations: null,
      description_localizations: null,
      default_member_permissions: null,
      nsfw: false,
      integration_types: [0],
      contexts: null,
      // Of a command that was registered before the id is its own.
      id: `${BigInt(BOT_ID) + 1_000n + BigInt(this.#made)}`,
      ...command,
      application_id: BOT_ID,
      version: `${BigInt(BOT_ID) + 1_000n + BigInt(this.#made)}`,
      ...(guild === null ? { dm_permission: true } : { guild_id: guild }),
    };
  }
}

interface Given {
  readonly name: string;
  readonly type?: unknown;
}

const isCommand = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' && value.name !== '';
