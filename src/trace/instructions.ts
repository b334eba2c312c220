import type { AnyActorScope } from 'xstate';
import { type Instruction, instructionsOf } from '../../machines/client.js';

/** The same scope, in which what each action asks for is told before it is carried out. */
export function withInstructions(
  scope: AnyActorScope,
  tell: (instructions: readonly Instruction[]) => void,
): AnyActorScope {
  return {
    ...scope,
    actionExecutor: (action) => {
      tell(instructionsOf(action));
      scope.actionExecutor(action);
    },
  };
}
