import type { Resource } from '../../../shared/operation/types';
import { checkBlacklist } from './checkBlacklist';
import { checkStrictly } from './checkStrictly';
import { geolocateIp } from './geolocateIp';
import { guessGender } from './guessGender';
import { moderateContent } from './moderateContent';
import { validateEmail } from './validateEmail';

export const validation: Resource = {
	value: 'validation',
	name: 'Validation',
	description: 'Checks and guesses about emails, names, addresses and content',
	operations: [
		checkBlacklist,
		checkStrictly,
		geolocateIp,
		guessGender,
		moderateContent,
		validateEmail,
	],
};
