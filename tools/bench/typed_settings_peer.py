"""The variables of a SuperNode in typed-settings: a peer for the benchmark, not part of the product."""

import json
import os
import re
import sys

import attrs
import typed_settings as ts
from attrs.validators import ge, gt, in_, le, matches_re

HOST_PORT = matches_re(r"([^:]+:[0-9]{1,5})?")


@attrs.frozen
class Settings:
    """The context of a machine."""

    flower_version: str = ts.option(default="1.25.0", validator=matches_re(r"\d+\.\d+\.\d+"))
    fl_isolation: str = ts.option(default="subprocess", validator=in_(("subprocess", "process")))
    fl_log_level: str = ts.option(default="INFO", validator=in_(("DEBUG", "INFO", "WARNING", "ERROR")))
    fl_log_format: str = ts.option(default="text", validator=in_(("text", "json")))
    fl_grpc_keepalive_time: int = ts.option(default=60, validator=gt(0))
    fl_grpc_keepalive_timeout: int = ts.option(default=20, validator=gt(0))
    fl_tls_enabled: bool = False
    fl_ssl_ca_certfile: str = ""
    fl_superlink_address: str = ts.option(default="", validator=HOST_PORT)
    fl_node_config: str = ""
    fl_max_retries: int = ts.option(default=0, validator=ge(0))
    fl_max_wait_time: int = ts.option(default=0, validator=ge(0))
    ml_framework: str = ts.option(default="pytorch", validator=in_(("pytorch", "tensorflow", "sklearn")))
    fl_use_case: str = ts.option(
        default="none", validator=in_(("none", "image-classification", "anomaly-detection", "llm-fine-tuning"))
    )
    fl_edge_backoff: str = ts.option(default="exponential", validator=in_(("exponential", "fixed")))
    fl_edge_max_backoff: int = ts.option(default=300, validator=gt(0))
    fl_gpu_enabled: bool = False
    fl_cuda_visible_devices: str = ts.option(default="all", validator=matches_re(r"all|\d+(,\d+)*"))
    fl_gpu_memory_fraction: float = ts.option(default=0.8, validator=attrs.validators.and_(ge(0), le(1)))
    fl_dcgm_enabled: bool = False


with open(sys.argv[1], encoding="utf-8") as context:
    for name, value in re.findall(r"^([A-Z_0-9]+)='([^']*)'$", context.read(), re.MULTILINE):
        if value:
            os.environ[name] = value
settings = ts.load(Settings, appname="flower", config_files=[], env_prefix="")
if settings.fl_grpc_keepalive_timeout >= settings.fl_grpc_keepalive_time:
    sys.exit("keepalive order")
print(json.dumps(["docker", "run", "-d", f"flwr/supernode:{settings.flower_version}", settings.fl_superlink_address]))
