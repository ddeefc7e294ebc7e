"""The 41 variables of the Flower appliances in pydantic-settings: a peer for the benchmark, not part of the product."""

import json
import sys
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

YesNo = Annotated[bool, BeforeValidator(lambda text: {"YES": True, "NO": False, "FALSE": False}[str(text).upper()])]
Positive = Annotated[int, Field(gt=0)]
NotNegative = Annotated[int, Field(ge=0)]
HostPort = Annotated[str, Field(pattern=r"^([^:]+:[0-9]{1,5})?$")]


class Settings(BaseSettings):
    """The context of a machine."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", env_file_encoding="utf-8")

    flower_version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")] = "1.25.0"
    fl_isolation: Literal["subprocess", "process"] = "subprocess"
    fl_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    fl_log_format: Literal["text", "json"] = "text"
    fl_num_rounds: Positive = 3
    fl_strategy: Literal["FedAvg", "FedProx", "FedAdam", "Krum", "Bulyan", "FedTrimmedAvg"] = "FedAvg"
    fl_min_fit_clients: Positive = 2
    fl_min_evaluate_clients: Positive = 2
    fl_min_available_clients: Positive = 2
    fl_proximal_mu: Annotated[float, Field(ge=0)] = 1.0
    fl_server_lr: Annotated[float, Field(gt=0)] = 0.1
    fl_client_lr: Annotated[float, Field(gt=0)] = 0.1
    fl_num_malicious: NotNegative = 0
    fl_trim_beta: Annotated[float, Field(gt=0, lt=0.5)] = 0.2
    fl_checkpoint_enabled: YesNo = False
    fl_checkpoint_interval: Positive = 5
    fl_checkpoint_path: Annotated[str, Field(pattern="^/")] = "/app/checkpoints"
    fl_fleet_api_address: HostPort = "0.0.0.0:9092"
    fl_control_api_address: HostPort = "0.0.0.0:9093"
    fl_database: str = "state/state.db"
    fl_metrics_enabled: YesNo = False
    fl_metrics_port: Annotated[int, Field(ge=1024, le=65535)] = 9101
    fl_grpc_keepalive_time: Positive = 60
    fl_grpc_keepalive_timeout: Positive = 20
    fl_tls_enabled: YesNo = False
    fl_ssl_ca_certfile: str = ""
    fl_ssl_certfile: str = ""
    fl_ssl_keyfile: str = Field("", repr=False)
    fl_cert_extra_san: str = ""
    fl_superlink_address: HostPort = ""
    fl_node_config: str = ""
    fl_max_retries: NotNegative = 0
    fl_max_wait_time: NotNegative = 0
    ml_framework: Literal["pytorch", "tensorflow", "sklearn"] = "pytorch"
    fl_use_case: Literal["none", "image-classification", "anomaly-detection", "llm-fine-tuning"] = "none"
    fl_edge_backoff: Literal["exponential", "fixed"] = "exponential"
    fl_edge_max_backoff: Positive = 300
    fl_gpu_enabled: YesNo = False
    fl_cuda_visible_devices: Annotated[str, Field(pattern=r"^(all|\d+(,\d+)*)$")] = "all"
    fl_gpu_memory_fraction: Annotated[float, Field(ge=0, le=1)] = 0.8
    fl_dcgm_enabled: YesNo = False

    @model_validator(mode="after")
    def across(self) -> "Settings":
        """Check the rules that hold across values."""
        if self.fl_grpc_keepalive_timeout >= self.fl_grpc_keepalive_time:
            raise ValueError("keepalive order")
        return self


settings = Settings(_env_file=sys.argv[1])
print(json.dumps(["docker", "run", "-d", f"flwr/supernode:{settings.flower_version}", settings.fl_superlink_address]))
