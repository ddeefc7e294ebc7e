"""The rules across the variables of a Flower service."""

from __future__ import annotations

from ctxschema.catalog.flower.gpu import FL_CUDA_VISIBLE_DEVICES, FL_GPU_ENABLED, FL_GPU_MEMORY_FRACTION
from ctxschema.catalog.flower.monitoring import FL_DCGM_ENABLED
from ctxschema.catalog.flower.network import FL_GRPC_KEEPALIVE_TIME, FL_GRPC_KEEPALIVE_TIMEOUT
from ctxschema.catalog.flower.tls import FL_CERT_EXTRA_SAN, FL_SSL_CERTFILE, FL_SSL_KEYFILE
from ctxschema.catalog.flower.training import (
    FL_MIN_AVAILABLE_CLIENTS,
    FL_MIN_FIT_CLIENTS,
    FL_NUM_MALICIOUS,
    FL_PROXIMAL_MU,
    FL_STRATEGY,
    FL_USE_CASE,
    ML_FRAMEWORK,
)
from ctxschema.core.finding import Severity
from ctxschema.model.appliance import Rule
from ctxschema.model.conditions import AllOf, AnyOf, Compare, Is, IsOneOf, IsSet, Linear, Not, Repeats

RULES = (
    Rule(
        "krum-clients",
        Severity.ERROR,
        FL_MIN_AVAILABLE_CLIENTS,
        "Krum withstands f bad nodes only among 2f + 3 or more",
        "raise FL_MIN_AVAILABLE_CLIENTS to 2 x FL_NUM_MALICIOUS + 3, or lower FL_NUM_MALICIOUS",
        when=AllOf((Is(FL_STRATEGY, "Krum"), Compare(FL_NUM_MALICIOUS, ">", 0))),
        must=Compare(FL_MIN_AVAILABLE_CLIENTS, ">=", Linear(FL_NUM_MALICIOUS, 2, 3)),
    ),
    Rule(
        "bulyan-clients",
        Severity.ERROR,
        FL_MIN_AVAILABLE_CLIENTS,
        "Bulyan withstands f bad nodes only among 4f + 3 or more",
        "raise FL_MIN_AVAILABLE_CLIENTS to 4 x FL_NUM_MALICIOUS + 3, or lower FL_NUM_MALICIOUS",
        when=AllOf((Is(FL_STRATEGY, "Bulyan"), Compare(FL_NUM_MALICIOUS, ">", 0))),
        must=Compare(FL_MIN_AVAILABLE_CLIENTS, ">=", Linear(FL_NUM_MALICIOUS, 4, 3)),
    ),
    Rule(
        "fit-exceeds-available",
        Severity.WARNING,
        FL_MIN_FIT_CLIENTS,
        "a round that needs more nodes than training starts with can wait for ever",
        "lower FL_MIN_FIT_CLIENTS, or raise FL_MIN_AVAILABLE_CLIENTS",
        must=Compare(FL_MIN_FIT_CLIENTS, "<=", FL_MIN_AVAILABLE_CLIENTS),
    ),
    Rule(
        "fedprox-zero-mu",
        Severity.WARNING,
        FL_PROXIMAL_MU,
        "FedProx with a weight of 0.0 is the same as FedAvg",
        "write a weight above 0.0, or set FL_STRATEGY to FedAvg",
        when=AllOf((Is(FL_STRATEGY, "FedProx"), Is(FL_PROXIMAL_MU, 0.0))),
    ),
    Rule(
        "keepalive-order",
        Severity.ERROR,
        FL_GRPC_KEEPALIVE_TIMEOUT,
        "the keepalive timeout must be shorter than the keepalive interval",
        "lower FL_GRPC_KEEPALIVE_TIMEOUT below FL_GRPC_KEEPALIVE_TIME",
        must=Compare(FL_GRPC_KEEPALIVE_TIMEOUT, "<", FL_GRPC_KEEPALIVE_TIME),
    ),
    Rule(
        "keepalive-aggressive",
        Severity.WARNING,
        FL_GRPC_KEEPALIVE_TIME,
        "keepalive probes less than 10 seconds apart can make a gRPC server close the connection",
        "write 10 or more",
        when=Compare(FL_GRPC_KEEPALIVE_TIME, "<", 10),
    ),
    Rule(
        "use-case-framework",
        Severity.ERROR,
        FL_USE_CASE,
        "the app was not written for the framework",
        "image-classification takes pytorch or tensorflow, anomaly-detection sklearn, llm-fine-tuning pytorch",
        must=AnyOf(
            (
                Is(FL_USE_CASE, "none"),
                AllOf(
                    (
                        Is(FL_USE_CASE, "image-classification"),
                        IsOneOf(ML_FRAMEWORK, ("pytorch", "tensorflow")),
                    )
                ),
                AllOf((Is(FL_USE_CASE, "anomaly-detection"), Is(ML_FRAMEWORK, "sklearn"))),
                AllOf((Is(FL_USE_CASE, "llm-fine-tuning"), Is(ML_FRAMEWORK, "pytorch"))),
            )
        ),
    ),
    Rule(
        "dcgm-needs-gpu",
        Severity.WARNING,
        FL_DCGM_ENABLED,
        "metrics of GPUs were asked for, and GPUs were not",
        "set FL_GPU_ENABLED to YES, or FL_DCGM_ENABLED to NO",
        when=AllOf((Is(FL_DCGM_ENABLED, True), Is(FL_GPU_ENABLED, False))),
    ),
    Rule(
        "cert-and-key",
        Severity.ERROR,
        FL_SSL_CERTFILE,
        "a certificate and its key are set together or not at all",
        "set both FL_SSL_CERTFILE and FL_SSL_KEYFILE, or neither to have them generated",
        must=AnyOf(
            (
                AllOf((IsSet(FL_SSL_CERTFILE), IsSet(FL_SSL_KEYFILE))),
                AllOf((Not(IsSet(FL_SSL_CERTFILE)), Not(IsSet(FL_SSL_KEYFILE)))),
            )
        ),
    ),
    Rule(
        "own-cert-ignores-san",
        Severity.INFO,
        FL_CERT_EXTRA_SAN,
        "names are added to a generated certificate only, and this SuperLink brings its own",
        "leave FL_CERT_EXTRA_SAN empty",
        when=AllOf((IsSet(FL_CERT_EXTRA_SAN), IsSet(FL_SSL_CERTFILE))),
    ),
    Rule(
        "cuda-duplicate-ids",
        Severity.WARNING,
        FL_CUDA_VISIBLE_DEVICES,
        "CUDA shows no device at all when an id stands twice; each is passed once",
        "write each id once",
        when=Repeats(FL_CUDA_VISIBLE_DEVICES),
    ),
    Rule(
        "memory-fraction-zero",
        Severity.WARNING,
        FL_GPU_MEMORY_FRACTION,
        "with a fraction of 0.0 PyTorch can allocate nothing on the GPU",
        "write a fraction above 0.0",
        when=Is(FL_GPU_MEMORY_FRACTION, 0.0),
    ),
)
