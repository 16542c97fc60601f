/** A day. More is a mistake, and above 24 days a timer of Node fires at once. */
export const longestSeconds = 86_400;
