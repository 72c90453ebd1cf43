import { BentoApi } from '../../credentials/BentoApi.credentials';
import { BentoWebhookSecretApi } from '../../credentials/BentoWebhookSecretApi.credentials';
import { Bento } from '../../nodes/Bento/Bento.node';
import { BentoTrackEvent } from '../../nodes/BentoTrackEvent/BentoTrackEvent.node';
import { BentoWebhookTrigger } from '../../nodes/BentoWebhookTrigger/BentoWebhookTrigger.node';
import type { Loader } from '../support/engine/loader';

/** Gives n8n's engines the sources, in this process, so that they run the mutants. */
export function loadPackage(): Promise<Loader> {
	return Promise.resolve({
		nodeTypes: {
			bento: { type: new Bento() },
			bentoTrackEvent: { type: new BentoTrackEvent() },
			bentoWebhookTrigger: { type: new BentoWebhookTrigger() },
		},
		credentialTypes: {
			bentoApi: { type: new BentoApi() },
			bentoWebhookSecretApi: { type: new BentoWebhookSecretApi() },
		},
	});
}
