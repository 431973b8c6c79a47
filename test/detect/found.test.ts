import { describe, expect, it } from 'vitest';
import { detectionIn, foundOf } from './tree-of.ts';

describe('a fact from several signs', () => {
  it.each([
    [
      'two clouds that are set up are several',
      { 'a.tf': 'provider "aws" {\n', 'b.tf': 'resource "google_storage_bucket" "x" {\n' },
      { cloud: 'strong multi' },
    ],
    [
      'of two clouds that are only named, the one with more signs is taken',
      { 'requirements.txt': 'boto3\ngoogle-cloud-storage\ngcsfs\n' },
      { cloud: 'weak gcp' },
    ],
    [
      'a cloud that is set up outweighs others that are named',
      { 'a.tf': 'provider "azurerm" {\n', 'requirements.txt': 'boto3\ns3fs\n' },
      { cloud: 'strong azure' },
    ],
    [
      'the larger accelerator is taken',
      { 'a.yaml': 'nvidia.com/gpu: 1\n', 'b.yaml': '"nvidia.com/gpu": "8"\n' },
      { accelerators: 'strong multi_gpu' },
    ],
    [
      'what is strong stands alone in a list',
      { 'requirements.txt': 'torch\n', 'requirements-dev.txt': 'spacy\n' },
      { frameworks: 'strong pytorch' },
    ],
  ])('%s', (_, texts, found) => {
    expect(foundOf(texts)).toEqual(found);
  });

  it('names the place of each', () => {
    const [fact] = detectionIn({ 'requirements.txt': 'xgboost\n\ncatboost\n' }).facts;
    expect(fact).toMatchObject({
      where: 'requirements.txt:1',
      says: 'xgboost is a dependency; catboost is a dependency (requirements.txt:3)',
    });
  });

  it('is said in few words, whatever its names are', () => {
    const image = `${'x'.repeat(100_000)}/spark:3`;
    const [fact] = detectionIn({ 'compose.yaml': `image: ${image}\n` }).facts;
    expect(fact?.says.length).toBeLessThan(300);
  });
});
