#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_PORT' 'configure' 'Port of the service' 'O|number'
)
ONEAPP_PORT="${ONEAPP_PORT:-8080}"
ONEAPP_HOST="${ONEAPP_HOST:-localhost}"
