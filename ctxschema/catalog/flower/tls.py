"""Variables for encrypted connections between the SuperLink and its SuperNodes."""

from ctxschema.catalog.flower.scopes import BOTH, SUPERLINK
from ctxschema.core.secret import Secret
from ctxschema.model.conditions import AllOf, Is, IsSet, Not
from ctxschema.model.kinds import BOOLEAN, SECRET_TEXT64, TEXT, TEXT64
from ctxschema.model.pem import CERTIFICATE, PRIVATE_KEY
from ctxschema.model.shapes import ALTERNATIVE_NAMES
from ctxschema.model.variable import Variable

GROUP = "tls"
TITLE = "TLS"

FL_TLS_ENABLED = Variable(
    "FL_TLS_ENABLED",
    BOOLEAN,
    label="Use TLS between SuperLink and SuperNodes",
    default=True,
    help="Both roles need the same answer. Without it everything is sent in clear. A SuperLink without certificates of "
    "its own makes them, and the SuperNodes of its service take its authority from there.",
    group=GROUP,
    scope=BOTH,
    aliases=("ONEAPP_FL_TLS_ENABLED",),
)
FL_SSL_CA_CERTFILE = Variable(
    "FL_SSL_CA_CERTFILE",
    TEXT64,
    label="CA certificate that signed the SuperLink's certificate (base64 of PEM)",
    default="",
    help="What a SuperNode checks the SuperLink's certificate against.",
    group=GROUP,
    scope=BOTH,
    limits=(CERTIFICATE,),
    effective=Is(FL_TLS_ENABLED, True),
)
FL_SSL_CERTFILE = Variable(
    "FL_SSL_CERTFILE",
    TEXT64,
    label="Certificate of the SuperLink (base64 of PEM), empty to generate one",
    default="",
    help="Goes with the key; one without the other is of no use.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(CERTIFICATE,),
    effective=Is(FL_TLS_ENABLED, True),
)
FL_SSL_KEYFILE = Variable(
    "FL_SSL_KEYFILE",
    SECRET_TEXT64,
    label="Private key of the SuperLink's certificate (base64 of PEM)",
    default=Secret(""),
    help="Goes with the certificate. It is never shown.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(PRIVATE_KEY,),
    effective=Is(FL_TLS_ENABLED, True),
)
FL_CERT_EXTRA_SAN = Variable(
    "FL_CERT_EXTRA_SAN",
    TEXT,
    label="Additional names of the generated certificate (IP:address or DNS:name, comma-separated)",
    default="",
    help="Under which further addresses SuperNodes may reach the SuperLink.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(ALTERNATIVE_NAMES,),
    effective=AllOf((Is(FL_TLS_ENABLED, True), Not(IsSet(FL_SSL_CERTFILE)))),
)
