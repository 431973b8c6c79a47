import { describe, expect, it } from 'vitest';
import { detectionIn, foundOf } from './tree-of.ts';

const POINTER = (size: number) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize ${size}\n`;

describe('the volume of data', () => {
  it('is what lies in data folders and in data files anywhere', () => {
    const sizes = {
      'data/images/1.jpg': 2e9,
      'sales.parquet': 1e9,
      'models/net.pt': 9e9,
      'tests/data/big.csv': 9e9,
      'data/load.py': 9e9,
      'video.mp4': 9e9,
    };
    expect(foundOf({}, sizes)).toEqual({ data_volume_gb: 'strong 3' });
  });

  it('takes a pointer of Git LFS for the file that it stands for', () => {
    expect(foundOf({ 'data/rows.csv': POINTER(4_000_000_000) })).toEqual({ data_volume_gb: 'strong 4' });
  });

  it('counts once what DVC tracks and what is on the disk', () => {
    const texts = { 'data.dvc': 'outs:\n- md5: x.dir\n  size: 5000000000\n  nfiles: 2\n  path: data\n' };
    const sizes = { 'data/a.csv': 2e9, 'data/b.csv': 3e9 };
    expect(detectionIn(texts, sizes).facts).toMatchObject([{ value: 5, where: 'data.dvc:2' }]);
  });

  it('is weak where data is kept elsewhere too, or is little, and unknown where it is a sample', () => {
    const bucket = { 'conf.yaml': 'input: s3://acme/raw\n' };
    expect(foundOf(bucket, { 'data/a.csv': 2e9 })).toMatchObject({ data_volume_gb: 'weak 2' });
    expect(foundOf({}, { 'data/a.csv': 5e6 })).toEqual({ data_volume_gb: 'weak 0.005' });
    expect(foundOf({}, { 'data/a.csv': 5e5 })).toEqual({});
    expect(detectionIn(bucket).notes).toContain(
      'data is also kept elsewhere (conf.yaml): how much is unknown',
    );
  });

  it('is compared with the memory of this machine', () => {
    expect(detectionIn({}, { 'data/a.csv': 2e9 }).notes.join()).toMatch(/2 GB of data fit a laptop/);
    expect(detectionIn({}, { 'data/a.csv': 20e9 }).notes.join()).toMatch(/20 GB of data do not fit/);
  });
});

describe('a hint', () => {
  it('raises a question and is no answer to it', () => {
    const found = foundOf({
      'conf/db.properties': 'url=jdbc:oracle:thin:@//db:1521/x\n',
      'README.md': 'Records fall under HIPAA.\n',
    });
    expect(found).toEqual({ legacy_systems: 'hint true', regulation: 'hint hipaa' });
  });
});
