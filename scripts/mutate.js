/** `npm run mutate`: */
const { answerHelp } = require('./lib/help');
answerHelp(__filename);
