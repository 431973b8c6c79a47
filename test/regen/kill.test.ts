import { describeKilledRegenerations } from './fixtures/kill-regenerations.ts';

describeKilledRegenerations(23);
