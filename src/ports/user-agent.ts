/** What Discord wants to be told of a client, over HTTP ("User Agent"). */
export const USER_AGENT = 'DiscordBot (gatechart, 0)';
