import { useActorRef, useSelector } from '@xstate/react';
import { type ClockPort, type ShardEmitted, type ShardLogic, stateName } from 'gatechart';
import type { Control } from 'gatechart/simulator';
import { useEffect, useState } from 'react';
import type { ActorRefFrom } from 'xstate';

type Dispatch = Extract<ShardEmitted, { readonly sequence: number | null }>;

/** A shard that lives as long as this component: its state, what it received last, and two ways to disturb it. */
export function ShardPanel({ logic, clock, control }: { logic: ShardLogic; clock: ClockPort; control: Control }) {
  const shard = useActorRef(logic, { clock });
  const state = useSelector(shard, ({ value }) => stateName(value));
  const isOnline = useSelector(shard, (snapshot) =>
    snapshot.matches({ running: { connection: { open: { session: 'ready' } } } }),
  );
  const dispatches = useDispatches(shard, 10);
  return (
    <>
      <h1>
        <span className={isOnline ? 'lamp online' : 'lamp'} /> {isOnline ? 'online' : 'not online'}
      </h1>
      <code className="state">{state}</code>
      <button type="button" onClick={() => control.dropTcp()}>
        drop the connection
      </button>
      <button type="button" onClick={() => control.requestReconnect()}>
        ask to reconnect
      </button>
      <table>
        <thead>
          <tr>
            <th>s</th>
            <th>dispatch</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {dispatches.map(({ type, sequence, replayed }) => (
            <tr key={sequence} className={replayed ? 'replayed' : ''}>
              <td>{sequence}</td>
              <td>{type}</td>
              <td>{replayed ? 'was missed' : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** The last dispatches of a shard, newest first. */
function useDispatches(shard: ActorRefFrom<ShardLogic>, count: number): readonly Dispatch[] {
  const [dispatches, setDispatches] = useState<readonly Dispatch[]>([]);
  useEffect(() => {
    const { unsubscribe } = shard.on('*', (emitted) => {
      if ('sequence' in emitted) setDispatches((last) => [emitted, ...last].slice(0, count));
    });
    return unsubscribe;
  }, [shard, count]);
  return dispatches;
}
