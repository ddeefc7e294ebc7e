"""The table of finding codes, from which messages, documents and tests are made."""

from ctxschema.core.codes.appliance import *
from ctxschema.core.codes.boot import *
from ctxschema.core.codes.code import Code
from ctxschema.core.codes.context import *
from ctxschema.core.codes.declaration import *
from ctxschema.core.codes.definition import *
from ctxschema.core.codes.document import *
from ctxschema.core.codes.files import *
from ctxschema.core.codes.gpu import *
from ctxschema.core.codes.imported import *
from ctxschema.core.codes.lint import *
from ctxschema.core.codes.outputs import *
from ctxschema.core.codes.service import *
from ctxschema.core.codes.stations import *
from ctxschema.core.codes.template import *

TABLE = tuple(sorted((v for v in globals().values() if isinstance(v, Code)), key=lambda code: code.id))
"""Every code, by id."""
