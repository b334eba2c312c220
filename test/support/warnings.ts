/** A place for warnings, and those that came. */
export function warnings() {
  const said: string[] = [];
  const warn = (problem: string, error?: unknown) => void said.push(`${problem}: ${(error as Error).message}`);
  return { said, warn };
}

/** What throws on purpose. */
export const fail = (): never => {
  throw new Error('on purpose');
};
