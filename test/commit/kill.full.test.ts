import { tempFolder } from './fixtures/folders.ts';
import { describeKills } from './fixtures/kill-sweep.ts';

describeKills('create', 1, tempFolder);
describeKills('update', 1, tempFolder);
