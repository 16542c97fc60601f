/** A day: whoever needs more means something else, and above 24 days a timer of Node fires at once. */
export const longestSeconds = 86_400;
