/** A session, and how it is shown to people. */
import { showing } from '../kit/showing.js';

/** What Resume revives. `url` is null once its own host failed or was not to be trusted: resume at the main URL. */
export interface Session {
  readonly id: string;
  readonly url: string | null;
}

/**
 * The session as plain data, which `util.inspect` and `console.log` show without what it holds: whoever has it and the
 * token has the session. What copies, compares or persists it sees it whole.
 */
export function discreet(session: Session): Session {
  return showing({ id: session.id, url: session.url }, summary);
}

function summary(this: Session): Session {
  return { id: '<session>', url: this.url === null ? null : '<resume url>' };
}
