"""The appliance that a command is about: one of the catalog, or one that the user declares."""

from __future__ import annotations

import functools
import os
import shlex
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from ctxschema.cli.forms import FILE, completing

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance

F = TypeVar("F", bound=Callable[..., Any])


FROM = click.option(
    "--from",
    "origin",
    metavar="FILE",
    type=FILE,
    help="Take the appliance from a .yaml, .toml, .json or .py file, or from package:NAME, instead of the catalog.",
)


def appliance_argument(command: F) -> F:
    """Give a command the argument APPLIANCE and the option --from; the command gets an `Appliance`."""

    @functools.wraps(command)
    def resolved(*args: Any, appliance: str | None, origin: str | None, **kwargs: Any) -> Any:
        if origin is not None and appliance is not None:
            # If a file declares a single appliance, its name may be omitted, so this word may belong to the next
            # argument.
            found = load_appliances(origin)
            if appliance not in found and len(found) == 1:
                if "paths" in kwargs:
                    kwargs["paths"], appliance = (appliance, *kwargs["paths"]), None
                elif "variable" in kwargs and kwargs["variable"] is None:
                    kwargs["variable"], appliance = appliance, None
            return command(*args, appliance=one_of(found, appliance, origin), **kwargs)
        return command(*args, appliance=resolve(appliance, origin), **kwargs)

    argument = click.argument("appliance", required=False, shell_complete=completing("complete_appliances"))
    return cast("F", argument(FROM(resolved)))


def resolve(name: str | None, origin: str | None) -> Appliance:
    """Return an appliance by name.

    Args:
        name: Its name; None if the file or module declares only one.
        origin: The file or module that declares it; None for the catalog.
    """
    if origin is None:
        from ctxschema.catalog import APPLIANCES, get_appliance

        if name is None:
            raise click.UsageError(f"Missing argument 'APPLIANCE': one of {', '.join(APPLIANCES)}, or --from FILE.")
        if name not in APPLIANCES:
            _refuse_file(name)
        return get_appliance(name)
    return one_of(load_appliances(origin), name, origin)


def _refuse_file(word: str) -> None:
    """Raise an error with what to write instead if a word in place of an appliance's name is a file.

    Args:
        word: The word, which is not the name of an appliance.

    Raises:
        click.UsageError: A file has that name, or its extension is that of a declaration or a template.
    """
    from ctxschema.declaration.document import FORMATS
    from ctxschema.lint.readers import MAPPINGS, READERS

    if word.endswith((*FORMATS, ".py")):
        raise click.UsageError(f"{word} is a file, not the name of an appliance; did you mean --from {word}?")
    if os.path.isfile(word) or word.endswith(tuple({*READERS} - MAPPINGS)):
        advice = f"ctxschema import {shlex.quote(word)} writes a declaration of it, which --from takes"
        raise click.UsageError(f"{word} is a file, not the name of an appliance; {advice}")


def one_of(found: Mapping[str, Appliance], name: str | None, origin: str) -> Appliance:
    """Return the appliance with a name among those of a file or module; without a name, its only one."""
    if name is None and len(found) == 1:
        return next(iter(found.values()))
    if name is None or name not in found:
        from ctxschema.core.names import suggestion

        content = f"{origin} declares {', '.join(found)}"
        raise click.UsageError(
            f"{content}; name one of them" if name is None else f"{content}{suggestion(name, found)}"
        )
    return found[name]


def all_appliances(origin: str | None) -> dict[str, Appliance]:
    """Return the appliances of a file or a module, or those of the catalog, by name."""
    if origin is not None:
        return load_appliances(origin)
    from ctxschema.catalog import APPLIANCES, get_appliance

    return {name: get_appliance(name) for name in APPLIANCES}


def split_origin(word: str) -> tuple[str, str | None]:
    """Return the file or module, and the name of the appliance if the word is ``FILE:NAME``, else None."""
    from ctxschema.declaration.document import FORMATS

    module, colon, name = word.rpartition(":")
    return (module, name) if colon and module.endswith((".py", *FORMATS)) else (word, None)


def load_appliances(origin: str) -> dict[str, Appliance]:
    """Return the appliances that a file or a module declares, by name.

    Args:
        origin: The path of a file, followed by ``:NAME`` for one of several appliances; or the name of a module,
            ``package`` or ``package:NAME``.

    Raises:
        DeclarationError: A YAML, TOML or JSON file declares none; its findings are the faults with their places.
    """
    from ctxschema.cli.user_module import is_path, load_module
    from ctxschema.declaration.document import FORMATS
    from ctxschema.model.appliance import Appliance

    file, chosen = split_origin(origin)
    if chosen is not None:
        return {chosen: one_of(load_appliances(file), chosen, file)}
    is_folder = os.path.isdir(origin)
    if os.path.exists(origin) and not (origin.isidentifier() if is_folder else origin.endswith((*FORMATS, ".py"))):
        what = "is a folder" if is_folder else "is no declaration by its name"
        raise click.UsageError(f"{origin} {what}; name a file that ends in {', '.join(FORMATS)} or .py")
    if not os.path.exists(origin) and (is_path(origin) or origin.endswith(FORMATS)):
        raise click.UsageError(f"there is no file {origin}")
    if origin.endswith(FORMATS):
        from ctxschema.declaration.load import load_declaration

        appliance = load_declaration(origin)
        return {appliance.name: appliance}
    module, _, attribute = (origin, "", "") if is_path(origin) else origin.partition(":")
    loaded = load_module(module)
    values = list(vars(loaded).values())
    if attribute:
        if not hasattr(loaded, attribute):
            from ctxschema.core.names import suggestion

            public = [name for name in vars(loaded) if not name.startswith("_")]
            raise click.UsageError(f"{module} has no {attribute}{suggestion(attribute, public)}")
        value = getattr(loaded, attribute)
        values = list(value.values()) if isinstance(value, dict) else [value]
    found = {value.name: value for value in values if isinstance(value, Appliance)}
    if not found:
        raise click.UsageError(f"{origin} declares no Appliance")
    return found
