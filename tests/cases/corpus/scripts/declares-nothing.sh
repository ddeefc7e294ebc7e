#!/usr/bin/env bash
ONE_SERVICE_PARAMS=( : )

service_install() {
    mkdir -p "$ONE_SERVICE_SETUP_DIR"
}
