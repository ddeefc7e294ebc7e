"""The closed unions hold every limit and every condition that there is, and every shape has a kind."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ctxschema
from ctxschema.core.errors import NotPortableError
from ctxschema.core.never import assert_never
from ctxschema.declaration.conditions import condition_data, limit_data
from ctxschema.generate.registry import OUTPUTS
from ctxschema.model import kinds
from ctxschema.model.appliance import Appliance
from ctxschema.model.closed import AnyCondition, AnyLimit, Foreign, closed_condition, closed_limit
from ctxschema.model.conditions import Condition, Is
from ctxschema.model.kinds import Kind, Shape
from ctxschema.model.limits import Between, Limit
from ctxschema.model.variable import Variable
from ctxschema.testing import value_texts


def declared(base: type) -> Iterator[type]:
    """Every class of the package that derives from one, those for others to derive from aside."""
    for found in pkgutil.walk_packages(ctxschema.__path__, "ctxschema."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    open_classes: list[type] = list(base.__subclasses__())
    while open_classes:
        each = open_classes.pop()
        open_classes += each.__subclasses__()
        if each.__module__.startswith("ctxschema.") and not each.__name__.startswith("_"):
            yield each


@pytest.mark.parametrize(("base", "union"), [(Limit, AnyLimit), (Condition, AnyCondition)])
def test_a_union_holds_all_that_there_are(base: type, union: Any) -> None:
    assert {*declared(base), Foreign} == set(get_args(union))


def test_what_somebody_else_defines_is_foreign() -> None:
    class Odd(Limit):
        words = "odd"

    class Always(Condition):
        words = "always"

    assert closed_limit(Odd()) == Foreign("Odd", "odd")
    assert closed_condition(Always()) == Foreign("Always", "always")
    with pytest.raises(NotPortableError, match="no words for the limit Odd"):
        limit_data(Odd())
    with pytest.raises(NotPortableError, match="no words for the condition Always"):
        condition_data(Always())
    variable = Variable("X", kinds.BOOLEAN, label="x", default=True)
    assert closed_limit(limit := Between(1, 2)) is limit
    assert closed_condition(condition := Is(variable, True)) is condition


KINDS = [kind for kind in vars(kinds).values() if isinstance(kind, Kind)]


def test_every_shape_has_a_kind() -> None:
    assert {kind.shape for kind in KINDS} == set(Shape)


def of_kind(kind: Kind[Any]) -> Variable[Any]:
    options = ("a", "b") if kind.shape.has_options else ()
    limits = (Between(1, 9),) if kind.name.startswith("range") else ()
    return Variable("APP_X", kind, label="X", default=None, options=options, limits=limits, mandatory=True)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_goes_into_every_output(kind: Kind[Any]) -> None:
    own = Appliance("own", "Own", "Own.", (of_kind(kind),), prefixes=("APP_",))
    for output in OUTPUTS:
        if output.suits(own):
            # What the community marketplace tests with names what it sets, which is nothing here.
            assert output.name in {"metadata.yaml", "context.yaml"} or "APP_X" in output.text(own).upper()


@given(st.sampled_from(KINDS), st.data())
def test_every_kind_has_texts_to_test_with(kind: Kind[Any], data: st.DataObject) -> None:
    variable = of_kind(kind)
    assert variable.problem(kind.parse(data.draw(value_texts(variable)))) is None


def test_what_is_closed_fails_where_it_is_not() -> None:
    with pytest.raises(AssertionError, match="nothing deals with"):
        assert_never(Shape.TEXT)  # type: ignore[arg-type]
