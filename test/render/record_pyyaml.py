# /// script
# requires-python = ">=3.11"
# dependencies = ["pyyaml==6.0.3"]
# ///
"""Record in pyyaml-read.txt that PyYAML, a YAML 1.1 reader, reads every character back as quoteYaml spells it.

The tests need no PyYAML: they compare the spellings with the record. When quoteYaml changes, record again:

    uv run test/render/record_pyyaml.py
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml

HERE = Path(__file__).parent


def spellings() -> list[str]:
    """Return the lines of `yamlSpellings`."""
    script = (
        "import { yamlSpellings } from './yaml-spellings.ts'; console.log(JSON.stringify(yamlSpellings()))"
    )
    command = ["node", "--input-type=module", "--eval", script]
    return json.loads(subprocess.run(command, cwd=HERE, check=True, capture_output=True).stdout)


def spelled(line: str) -> Iterator[tuple[str, str]]:
    """Yield each character of one line, and how it is spelled."""
    span, form = line.split(" ", 1)
    first, last = (int(code, 16) for code in span.split("-"))
    if form == "no character":
        return
    for code in range(first, last + 1):
        forms = {"itself": chr(code), "\\uXXXX": f"\\u{code:04x}", "\\UXXXXXXXX": f"\\U{code:08x}"}
        yield chr(code), forms.get(form, form)


def check(pairs: list[tuple[str, str]], loader: type) -> None:
    """Read each character alone, and between others and at both ends."""
    document = "".join(f'- "{body}"\n- "{body} a{body}{body}: {body}"\n' for _, body in pairs)
    want = [text for char, _ in pairs for text in (char, f"{char} a{char}{char}: {char}")]
    read = yaml.load(document, Loader=loader)  # noqa: S506 - both loaders are safe ones
    wrong = [(w, r) for w, r in zip(want, read, strict=True) if w != r]
    if wrong:
        raise SystemExit(f"{loader.__name__} reads {wrong[0][0]!a} as {wrong[0][1]!a}")


def main() -> None:
    """Check every character with both loaders, then write the record."""
    lines = spellings()
    pairs = [pair for line in lines for pair in spelled(line)]
    for start in range(0, len(pairs), 5000):
        for loader in (yaml.SafeLoader, yaml.CSafeLoader):
            check(pairs[start : start + 5000], loader)
    libyaml = ".".join(map(str, yaml._yaml.get_version()))
    head = f"# PyYAML {yaml.__version__}, pure Python and libyaml {libyaml}, read each of {len(pairs)} characters back"
    (HERE / "pyyaml-read.txt").write_text("\n".join([head, *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
