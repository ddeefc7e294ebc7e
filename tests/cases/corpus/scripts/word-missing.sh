#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_WEB_PORT'   'configure'  'Port'    'O|number'
    'ONEAPP_WEB_TITLE'  'configure'  'O|text'
)
