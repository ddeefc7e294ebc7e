#!/usr/bin/env bash
set -o errexit -o pipefail

ONE_SERVICE_PARAMS=(
    'ONEAPP_STORE_ROOT_USER'      'configure'  'User of the store'        'O|text'
    'ONEAPP_STORE_ROOT_PASSWORD'  'configure'  'Password of that user'    'O|password'
    'ONEAPP_STORE_TLS_ENABLED'    'configure'  'Serve TLS'                'O|boolean'
)
ONEAPP_STORE_ROOT_USER="${ONEAPP_STORE_ROOT_USER:-storeadmin}"
ONEAPP_STORE_TLS_ENABLED="${ONEAPP_STORE_TLS_ENABLED:-YES}"

service_install() {
    :
}
