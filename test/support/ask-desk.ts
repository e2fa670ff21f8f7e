import { comparisonDesk } from '../../main/connections/coverage/desk.ts';
import type { Question, Questions } from '../../main/connections/coverage/messages.ts';

/** A comparison without its thread: asks its desk, with the type of each answer; a problem is thrown. */
export function askDesk() {
  const desk = comparisonDesk();
  return <Name extends keyof Questions>(
    name: Name,
    query: Questions[Name]['query'],
  ): Questions[Name]['answer'] => {
    const { value, problem } = desk({ id: 1, name, query } as Question);
    if (problem !== undefined) throw new Error(problem);
    return value as Questions[Name]['answer'];
  };
}
