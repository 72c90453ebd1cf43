import type { Resource } from '../../../shared/operation/types';
import { checkBlacklist } from './checkBlacklist';
import { checkStrictly } from './checkStrictly';
import { guessGender } from './guessGender';
import { moderateContent } from './moderateContent';
import { validateEmail } from './validateEmail';

export const validation: Resource = {
	value: 'validation',
	name: 'Validation',
	description: 'Validation and enrichment tools',
	operations: [checkBlacklist, checkStrictly, guessGender, moderateContent, validateEmail],
};
