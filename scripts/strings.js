/** `npm run strings`: */
const { answerHelp } = require('./lib/help');
answerHelp(__filename);
