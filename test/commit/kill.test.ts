import { memoryFolder } from './fixtures/folders.ts';
import { describeKills } from './fixtures/kill-sweep.ts';

describeKills('create', 7, memoryFolder);
describeKills('update', 7, memoryFolder);
