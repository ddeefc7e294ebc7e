#!/usr/bin/env bash
ONE_SERVICE_NAME='Service Flowery'
ONE_SERVICE_PARAMS=(
    'ONEAPP_FL_RELEASE'   'configure' 'Release of the image'    '1.31.0'
    'ONEAPP_FL_LOG_LEVEL' 'configure' 'How much is logged'      'INFO'
    'ONEAPP_FL_TLS'       'configure' 'Encrypt'                 'YES'
    'ONEAPP_FL_RETRIES'   'configure' 'Attempts (0: no limit)'  '0'
    'ONEAPP_FL_ADDRESS'   'configure' 'Address of the server'   ''
)
ONEAPP_FL_RELEASE="${ONEAPP_FL_RELEASE:-1.31.0}"
service_install() { :; }
