#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_WEB_PORT'  'configure'  'Port'   'O|number'
    ''                 'configure'  'Title'  'O|text'
)
