"""What a build would change: every difference has its reason, and only what is ours is ever removed."""

from pathlib import Path

import pytest

from sailwright.commands.build.output.disk import standing
from sailwright.commands.build.output.plan import Plan, Scope, Wanted, guard_removals, plan
from sailwright.commands.build.output.write import write
from sailwright.render.layout import header, kustomizations, service_file
from sailwright.runtime.errors import Failure

SOURCE = "services/{}/service.yaml"
APART = frozenset(("",))
ALL = Scope()


def wanted(*names: str, environment: str = "prod", text: str = "kind: Service\n") -> dict[str, Wanted]:
    files = {}
    for name in names:
        source = SOURCE.format(name)
        data = (header(source) + text).encode()
        files[service_file("namespace", environment, "shop", name)] = Wanted(data, source)
    return files


def planned(root: Path, files: dict[str, Wanted], scope: Scope = ALL) -> Plan:
    return plan(files, standing(str(root)), scope, APART, "sailwright.yaml", lambda _path, old, _new: b"by hand" in old)


def build(root: Path, files: dict[str, Wanted], scope: Scope = ALL) -> Plan:
    made = planned(root, files, scope)
    write(made, str(root))
    return made


def reasons(made: Plan) -> dict[str, str]:
    return {change.path: change.reason for change in made.changes}


def tree(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}


def test_a_first_build_writes_everything_and_a_second_nothing(tmp_path: Path) -> None:
    first = build(tmp_path, wanted("cart", "search"))
    assert set(reasons(first).values()) == {"missing"}
    assert list(tree(tmp_path)) == [
        "kustomization.yaml",
        "prod/kustomization.yaml",
        "prod/shop/cart.yaml",
        "prod/shop/kustomization.yaml",
        "prod/shop/search.yaml",
    ]
    second = build(tmp_path, wanted("cart", "search"))
    assert second.changes == ()
    assert second.unchanged == 5


def test_every_difference_has_its_reason(tmp_path: Path) -> None:
    build(tmp_path, wanted("cart", "search", "stock", "old"))
    (tmp_path / "prod/shop/cart.yaml").write_text("changed by hand\n")
    (tmp_path / "prod/shop/search.yaml").unlink()
    (tmp_path / "prod/shop/stock.yaml").write_text(header(SOURCE.format("stock")) + "kind: Older\n")
    assert reasons(planned(tmp_path, wanted("cart", "search", "stock"))) == {
        "prod/shop/cart.yaml": "hand-edited",
        "prod/shop/search.yaml": "missing",
        "prod/shop/stock.yaml": "stale",
        "prod/shop/kustomization.yaml": "stale",
        "prod/shop/old.yaml": "orphan",
    }


def test_removing_a_service_removes_its_file_and_its_line_and_nothing_else(tmp_path: Path) -> None:
    build(tmp_path, wanted("cart", "search", "stock"))
    before = tree(tmp_path)
    build(tmp_path, wanted("cart", "stock"))
    after = tree(tmp_path)
    assert before.keys() - after.keys() == {"prod/shop/search.yaml"}
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {"prod/shop/kustomization.yaml"}
    assert after["prod/shop/kustomization.yaml"] == before["prod/shop/kustomization.yaml"].replace(
        "  - search.yaml\n", ""
    )


def test_files_of_others_are_neither_listed_nor_removed(tmp_path: Path) -> None:
    build(tmp_path, wanted("cart"))
    (tmp_path / "prod/shop/notes.yaml").write_text("kind: ConfigMap\n")
    (tmp_path / "prod/README.md").write_text("ours to keep\n")
    assert build(tmp_path, wanted("cart")).changes == ()
    assert (tmp_path / "prod/shop/notes.yaml").exists()


def test_an_empty_namespace_folder_goes_with_its_last_service(tmp_path: Path) -> None:
    files = wanted("a", "b", "c")
    other = {
        "prod/pay/ledger.yaml": Wanted(header("services/ledger/service.yaml").encode(), "services/ledger/service.yaml")
    }
    build(tmp_path, files | other)
    build(tmp_path, files)
    assert not (tmp_path / "prod/pay").exists()
    assert "pay" not in (tmp_path / "prod/kustomization.yaml").read_text()


def test_a_narrow_build_touches_its_own_files_and_lists_what_is_there(tmp_path: Path) -> None:
    build(tmp_path, wanted("cart"))
    scope = Scope(sources=frozenset((SOURCE.format("search"),)))
    made = build(tmp_path, wanted("cart", "search", "stock", text="kind: New\n"), scope)
    assert reasons(made) == {"prod/shop/search.yaml": "missing", "prod/shop/kustomization.yaml": "stale"}
    listed = (tmp_path / "prod/shop/kustomization.yaml").read_text()
    assert "cart.yaml" in listed
    assert "search.yaml" in listed
    assert "stock.yaml" not in listed, "a kustomization names no file that is missing"


def test_a_build_of_one_environment_leaves_the_others(tmp_path: Path) -> None:
    staging, prod = wanted("cart", environment="staging"), wanted("cart")
    build(tmp_path, staging | prod)
    changed = wanted("cart", environment="staging", text="new: 1\n") | wanted("cart", text="new: 1\n")
    made = planned(tmp_path, changed, Scope(folders=("staging",)))
    assert reasons(made) == {"staging/shop/cart.yaml": "stale"}


@pytest.mark.parametrize(("before", "after", "refused"), [
    (("a",), (), True),
    (("a", "b"), ("a",), False),
    (("a", "b", "c"), ("a",), True),
    (("a", "b", "c", "d"), ("a", "b"), False),
])  # fmt: skip
def test_removing_the_last_or_more_than_half_must_be_asked_for(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], refused: bool
) -> None:
    build(tmp_path, wanted(*before))
    made = planned(tmp_path, wanted(*after))
    if refused:
        with pytest.raises(Failure, match="--allow-removals"):
            guard_removals(made, "rendered")
    else:
        guard_removals(made, "rendered")


def test_links_and_strangers_in_the_way_are_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/prod").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Failure, match="a link is in the place of a folder") as failure:
        planned(tmp_path / "out", wanted("cart"))
    assert failure.value.status == 3
    (tmp_path / "out/prod").unlink()
    (tmp_path / "out/prod").write_text("a file")
    with pytest.raises(Failure, match="a file is in the place of a folder"):
        planned(tmp_path / "out", wanted("cart"))
    (tmp_path / "out/prod").unlink()
    (tmp_path / "out/prod/shop/cart.yaml").mkdir(parents=True)
    with pytest.raises(Failure, match="a folder is in the place of a rendered file"):
        planned(tmp_path / "out", wanted("cart"))


def test_kustomizations_list_each_level_below() -> None:
    lists = kustomizations(["prod/eu1/shop/cart.yaml", "prod/us1/shop/cart.yaml"], {"", "prod"}, "sailwright.yaml")
    shown = {
        path: data.decode().partition("resources:")[2].split("sortOptions")[0].split() for path, data in lists.items()
    }
    assert shown["kustomization.yaml"] == ["-", "prod"]
    assert shown["prod/kustomization.yaml"] == ["[]"], "two clusters hold the same objects: never in one list"
    assert shown["prod/eu1/kustomization.yaml"] == ["-", "shop"]
    assert shown["prod/eu1/shop/kustomization.yaml"] == ["-", "cart.yaml"]


def test_a_namespace_object_comes_first() -> None:
    lists = kustomizations(["prod/shop/cart.yaml", "prod/shop/namespace.yaml"], {""}, "sailwright.yaml")
    assert "  - namespace.yaml\n  - cart.yaml\n" in lists["prod/shop/kustomization.yaml"].decode()
