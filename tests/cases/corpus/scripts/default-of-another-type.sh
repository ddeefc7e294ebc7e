#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_WEB_CACHE_ENABLED'  'configure'  'Keep pages'  'O|boolean'
    'ONEAPP_WEB_CACHE_SIZE'     'configure'  'Size'        'O|number'
)
ONEAPP_WEB_CACHE_ENABLED="${ONEAPP_WEB_CACHE_ENABLED:-true}"
ONEAPP_WEB_CACHE_SIZE="${ONEAPP_WEB_CACHE_SIZE:-64M}"
