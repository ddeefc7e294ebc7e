"""What OneGate and its token say; a GPU has no part in it. Source: docs/facts/opennebula.md, section 6."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import ONEGATE, OPENNEBULA
from ctxschema.model.trouble import Cause, Trouble

ONEGATE_TROUBLES = (
    Trouble(
        "onegate-token-password",
        OPENNEBULA,
        "Cannot generate OneGate token: TOKEN_PASSWORD not set",
        (
            "Cannot generate OneGate token: TOKEN_PASSWORD not set in the user template",
            "TOKEN_PASSWORD not set",
            "Cannot generate OneGate token{rest}",
        ),
        (
            Cause(
                "the user whose machine it is has no TOKEN_PASSWORD, which the token is encrypted with",
                '`oneuser update <user> --append`, write `TOKEN_PASSWORD = "<a long random word>"` into the editor '
                "that opens, then deploy again",
                "`oneuser show <user>` has no TOKEN_PASSWORD; users made before OneGate was set up lack it",
                "the GPU has no part in it",
            ),
        ),
        "OpenNebula, src/vm/VirtualMachineContext.cc; OpenNebula/minione#35",
    ),
    Trouble(
        "onegate-unauthorized",
        ONEGATE,
        "OneGate: Not authorized",
        (
            "ERROR: Not authorized",
            "OneGate{rest}Not authorized",
            "onegate: {rest}Not authorized",
            "OneGate{rest}401 Unauthorized",
            "answered 401 Unauthorized: Not authorized",
        ),
        (
            Cause(
                "the token is not that of this machine: an old copy, a machine made anew, or a user whose "
                "TOKEN_PASSWORD changed",
                "undeploy and deploy the machine again, which writes a new token",
                "token.txt of the context CD differs from what the program sends",
            ),
            Cause(
                "the machine asks with another number (VMID) than its own",
                "take VMID from the context, unchanged",
                "`onegate vm show` in the machine works by hand",
            ),
        ),
        "OpenNebula, src/onegate",
    ),
    Trouble(
        "onegate-endpoint",
        ONEGATE,
        "OneGate is not configured or not reached",
        (
            "ONEGATE_ENDPOINT {rest}not{rest}set{rest}",
            "ONEGATE_ENDPOINT is not defined{rest}",
            "ONEGATE_ENDPOINT env{rest}",
            "ERROR: VMID not found",
            "ERROR: TOKENTXT not found{rest}",
            "ERROR: Undefined environment variable{rest}",
            "TOKENTXT{rest}not{rest}found{rest}",
            "Failed to open TCP connection to {rest}:5030 {rest}",
            "connect to {name} port 5030{rest}failed{rest}",
            "Failed to connect to {name} port 5030{rest}",
            "Connection refused - connect(2) for {rest}5030{rest}",
            "OneGate{rest}unreachable{rest}",
            "token.txt: No such file or directory",
            "onegate: command not found",
        ),
        (
            Cause(
                "the context has no OneGate: TOKEN is not YES, or the front-end names no endpoint",
                'add `TOKEN = "YES"` to CONTEXT of the VM template; set ONEGATE_ENDPOINT in /etc/one/oned.conf and '
                "restart opennebula",
                "`grep -e ONEGATE -e TOKEN` in the machine's context.sh finds nothing",
            ),
            Cause(
                "the server does not run, or listens on localhost only",
                "`systemctl enable --now opennebula-gate` on the front-end, `:host: 0.0.0.0` in "
                "/etc/one/onegate-server.conf, and open port 5030, or use "
                "the transparent proxy",
                "`curl -s <endpoint>` from the machine gets no answer, and from the front-end it does",
            ),
        ),
        "OpenNebula, src/onegate",
    ),
)
