"""The first version of a declaration, which ``ctxschema init`` writes."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen

from ctxschema.declaration.yaml_form import SCHEMA, data_yaml
from ctxschema.model.faults import name_problem
from ctxschema.model.texts import LABEL_HAZARDS, hazards

_IMAGE = re.compile(
    r"(?P<repository>[a-z0-9][a-z0-9._/-]*(?::[0-9]{1,5}/[a-z0-9._/-]+)?)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]*))?"
)


@frozen
class Beginning:
    """The answers of the user.

    Args:
        name: The name of the appliance on the command line.
        title: Its name in documents.
        summary: What it is, in one sentence.
        image: The image of its container as ``repository:tag``; empty for none.
    """

    name: str = "my-appliance"
    title: str = "My appliance"
    summary: str = "What it does, in one sentence."
    image: str = ""


def name_fault(text: str) -> str | None:
    """Return why a text cannot be the name of an appliance, or None if it can."""
    if not text.strip():
        return "a name has a letter or a digit in it"
    return name_problem(text)


def text_fault(text: str) -> str | None:
    """Return why a text cannot be a title or a summary, or None if it can."""
    return next((f"it has {words}; {repair}" for words, repair in hazards(text, LABEL_HAZARDS)), None)


def image_fault(text: str) -> str | None:
    """Return why a text cannot name an image, or None if it can."""
    return None if not text or _IMAGE.fullmatch(text) else "it is no image; write repository:tag"


def beginning_yaml(answers: Beginning) -> str:
    """Return the declaration in YAML. It is valid as it is, and its comments say what else could be declared."""
    prefix = "ONEAPP_" + (re.sub(r"[^A-Z0-9]+", "", answers.name.upper()) or "APP")
    container = _container(answers.image, prefix) if answers.image else _no_container(prefix)
    return f"""\
# yaml-language-server: $schema={SCHEMA}
# Editors complete and explain what stands here as soon as that file is beside it:
#     ctxschema generate declaration-schema -o {SCHEMA}

{_yaml(name=answers.name, title=answers.title, summary=answers.summary)}
# What users are asked, in this order. A plain variable takes three lines.
# Of a name with four words or more, such as {prefix}_DB_HOST, Sunstone makes a tab of the
# second word and in it a box of the third; a shorter name stands under Others. The key group gives a box its title, and
# moves no field into another.
variables:
  {prefix}_TITLE:
    label: Title of the site
    default: My site

  # The kind says how a value is read: text, number, number-float, boolean, list, range, password, text64 and others.
  {prefix}_PORT:
    kind: number
    label: Port of the service
    help: The port of the machine under which the service answers.
    default: 8080
    limits: {{from: 1, to: 65535}}

  {prefix}_DB_ENABLED:
    kind: boolean
    label: Use a database of your own
    default: NO

  # It has an effect only where a database is used; a rule below says that it is needed then.
  {prefix}_DB_HOST:
    label: Host of the database
    default: ""
    limits: {{is: host}}
    effective: {{{prefix}_DB_ENABLED: YES}}

  # A secret has no default; it is stars wherever it would be shown. Text that looks like a number wants quotes: "1.10".
  # {prefix}_PASSWORD:
  #   kind: password
  #   label: Password of the administrator
  #   mandatory: true
  # In the container below its entry is written with in_file, which keeps it from the command line:
  #     - {{name: PASSWORD, text: "{{{prefix}_PASSWORD}}", in_file: true}}

# What must be true across variables. Beside NAME: value there are all, any, not, set, compare and others.
rules:
  db-host:
    severity: error
    about: {prefix}_DB_HOST
    message: a database of your own has a host
    repair: write the host of the database, or set {prefix}_DB_ENABLED to NO
    when: {{{prefix}_DB_ENABLED: YES}}
    must: {{set: {prefix}_DB_HOST}}

# What a template sets itself, without asking. As soon as there is an input, Sunstone drops SSH_PUBLIC_KEY, which lint
# remarks (CTX127); the command line keeps it.
infrastructure:
  - {{name: NETWORK, value: "YES", why: sets up the network}}
  - {{name: SSH_PUBLIC_KEY, value: "$USER[SSH_PUBLIC_KEY]", why: lets the operator in}}

# What the variables of this appliance begin with, so that a misspelt one is found.
prefixes: [{prefix}_]

{container}"""


def _yaml(**data: Any) -> str:
    return data_yaml(data)


def _container(image: str, prefix: str) -> str:
    found = _IMAGE.fullmatch(image)
    repository, tag = found.groups() if found else (image, None)
    named = "".join(f"    {line}\n" for line in _yaml(repository=repository, tag=tag or "latest").splitlines())
    return f"""\
# The container that a boot starts. How, is shown by
#     ctxschema boot --from FILE --context context.sh --dry-run
container:
  image:
{named}  environment:
    - {{name: TITLE, text: "{{{prefix}_TITLE}}"}}
    - {{name: DB_HOST, text: "{{{prefix}_DB_HOST}}", when: {{{prefix}_DB_ENABLED: YES}}}}
  ports:
    - {{inside: "80", outside: "{{{prefix}_PORT}}"}}
"""


def _no_container(prefix: str) -> str:
    return f"""\
# The container that a boot starts, if there is one. How, is shown by
#     ctxschema boot --from FILE --context context.sh --dry-run
# container:
#   image: {{repository: nginx, tag: "1.27"}}
#   environment:
#     - {{name: TITLE, text: "{{{prefix}_TITLE}}"}}
#   ports:
#     - {{inside: "80", outside: "{{{prefix}_PORT}}"}}
"""
