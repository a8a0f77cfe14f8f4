"""A small project for tests of `build`: a shop with a cart and a search, in as many environments as are asked for."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from sailwright.cli import main

PROJECT = """\
apiVersion: sailwright/v1alpha1
istio: {version: 1.31.0, sidecarMode: native}
"""

CART = """\
apiVersion: sailwright/v1alpha1
name: cart
namespace: shop
ports:
  - {name: http, port: 8080, appProtocol: http}
versions:
  - {name: v1, image: "registry.example.com/cart:1", replicas: 2, weight: 80}
  - {name: v2, image: "registry.example.com/cart:2", replicas: 2, weight: 20}
"""

SEARCH = """\
apiVersion: sailwright/v1alpha1
name: search
namespace: shop
ports:
  - {name: http, port: 80, targetPort: 8080, appProtocol: http}
versions:
  - {name: v1, image: "registry.example.com/search:1"}
"""


class Shop:
    """A project in a folder, and the command run in it."""

    def __init__(self, root: Path, project: str = PROJECT) -> None:
        self.root = root
        self.write("sailwright.yaml", project)
        self.write("services/cart/service.yaml", CART)
        self.write("services/search/service.yaml", SEARCH)

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))
        return file

    def build(self, *arguments: str) -> int:
        """Run `sailwright build`; the exit status."""
        return main(["build", "--project", str(self.root), *arguments])

    def rendered(self) -> dict[str, str]:
        """The rendered files by path below the output folder."""
        folder = self.root / "rendered"
        return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}
