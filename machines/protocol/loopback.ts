/** The host of a URL, in lower case as the URL class has it: `gateway.discord.gg.` is the same host as `gateway.discord.gg`. */
export const hostnameOf = (url: URL): string => url.hostname.replace(/\.$/, '');

/** Whether a URL leads to this machine itself. Names under `localhost` do not count: not every resolver keeps them here. */
export const isLoopback = (url: URL): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostnameOf(url));
