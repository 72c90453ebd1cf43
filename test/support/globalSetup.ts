import { n8nEnvironment } from '../../scripts/lib/n8nEnvironment';
import { placePackages } from './engine/packages';

/** Once before all tests: the built package where the engines look for it, and surroundings that keep n8n quiet. */
export default function setUp(): void {
	Object.assign(process.env, n8nEnvironment);
	placePackages();
}
