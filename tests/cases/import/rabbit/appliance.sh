#!/usr/bin/env bash
ONE_SERVICE_NAME='Rabbit'
ONE_SERVICE_PARAMS=(
    'ONEAPP_RABBIT_PORT' 'configure' 'Port of the broker'  'O|number'
    'ONEAPP_RABBIT_USER' 'configure' 'Name of the admin'   'O|text'
    'ONEAPP_RABBIT_PASS' 'configure' 'Password of it'      'O|password'
)
ONEAPP_RABBIT_PORT="${ONEAPP_RABBIT_PORT:-5672}"
ONEAPP_RABBIT_USER="${ONEAPP_RABBIT_USER:-rabbitadmin}"
ONEAPP_RABBIT_PASS="${ONEAPP_RABBIT_PASS:-$(openssl rand -hex 8)}"
service_install() { :; }
