import { placePackages } from './engine/packages';

/** Once before all tests: the built package where the engines look for it. */
export default function setUp(): void {
	placePackages();
}
