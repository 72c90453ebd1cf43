import { ensureBuilt } from '../../scripts/lib/ensure';
import { n8nEnvironment } from '../../scripts/lib/n8nEnvironment';
import { placePackages } from './engine/packages';
import { packedPackage } from './packed';

/**
 * Once before all tests: a package that is as new as its sources, whose packed files, and no others, are placed where the
 * engines look for them; and surroundings that keep n8n quiet.
 */
export default function setUp(): void {
	ensureBuilt(['release', 'development']);
	Object.assign(process.env, n8nEnvironment);
	placePackages(packedPackage().files);
}
