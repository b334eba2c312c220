/** Whether what a key of a payload names is a snowflake, or a list of them. */
export const isIdKey = (key: string): boolean => key.endsWith('id') || key.endsWith('ids');
