"""No module of the grammar or of the consumers imports one that imports it, not even inside a function."""

import grimp
import pytest


@pytest.mark.parametrize("room", ["grammar", "consumers"])
def test_imports_run_in_no_circle(room: str) -> None:
    graph = grimp.build_graph("ctxschema")
    inside = sorted(name for name in graph.modules if name.startswith(f"ctxschema.{room}."))
    assert len(inside) > 5
    circles = [
        (module, imported)
        for module in inside
        for imported in graph.find_modules_directly_imported_by(module)
        if graph.chain_exists(importer=imported, imported=module)
    ]
    assert circles == []
