"""How many objects one Argo CD Application or Flux Kustomization applies."""

from __future__ import annotations

from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest, Origin, Spot, manifests
from sailwright.source.source import parse
from sailwright_policies.project.applied_folder_large import check

FLUX = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec: {path: PATH}
"""
ARGO = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  sources:
    - {repoURL: "https://charts.example.com", chart: redis}
    - {repoURL: "https://git.example.com/shop.git", path: PATH}
"""
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"


def found(applied: str, folder: str, *files: str, rendered: bool = True, most: int = 2) -> list[str]:
    """The messages about an object that applies a folder, in a mesh with one object in each file."""
    (subject,) = manifests(parse("argo/apps.yaml", applied.replace("PATH", folder).encode()))
    others = []
    for file in files:
        (each,) = manifests(parse(file, OBJECT.encode()))
        origin = Origin(lambda path, document=each.document: Spot(document, path), {})  # type: ignore[misc]
        others.append(Manifest(each.value, each.document, (), origin if rendered else None))
    mesh = World((subject, *others))
    return [problem.message for problem in check(subject, mesh, most=most)]


THREE = tuple(f"rendered/prod/{namespace}/web.yaml" for namespace in ("a", "b", "c"))


def test_rendered_objects_count_at_any_depth() -> None:
    text = "Flux Kustomization shop applies 3 objects of ./rendered/prod/, more than 2"
    assert found(FLUX, "./rendered/prod/", *THREE) == [text]
    assert found(ARGO, "rendered", *THREE) == ["Argo CD Application shop applies 3 objects of rendered, more than 2"]


def test_a_folder_of_fewer_a_part_of_one_and_one_elsewhere_are_fine() -> None:
    assert found(FLUX, "rendered/prod", *THREE, most=3) == []
    assert found(FLUX, "rendered/prod/a", *THREE) == []
    assert found(ARGO, "rendered/staging", *THREE) == []
    assert found(ARGO, "rendered/pro", *THREE) == []


def test_files_below_a_hand_written_folder_may_not_be_applied() -> None:
    """Argo CD looks no deeper unless it is asked to, and a kustomization decides what it takes."""
    assert found(ARGO, "rendered/prod", *THREE, rendered=False) == []
    flat = tuple(f"deploy/{name}.yaml" for name in "abc")
    assert len(found(ARGO, "deploy", *flat, rendered=False)) == 1


def test_the_default_is_five_thousand() -> None:
    assert check.__kwdefaults__ == {"most": 5_000}
