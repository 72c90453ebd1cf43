/** For look-ups of one person. */
export const NO_SUBSCRIBER = 'Bento has no subscriber with this email or UUID';
