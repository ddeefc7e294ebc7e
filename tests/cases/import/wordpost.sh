#!/usr/bin/env bash
ONE_SERVICE_NAME='Service Wordpost - KVM'
ONE_SERVICE_SHORT_DESCRIPTION='Appliance with Wordpost for KVM hosts'
ONE_SERVICE_PARAMS=(
    'ONEAPP_PASSWORD_LENGTH'  'configure' 'Database password length'   ''
    'ONEAPP_DB_NAME'          'configure' 'Database name'              ''
    'ONEAPP_DB_PASSWORD'      'configure' 'Database service password'  ''
    'ONEAPP_SITE_HOSTNAME'    'configure' 'Fully qualified name or IP' ''
    'ONEAPP_SITE_PORT'        'configure' 'Port of the site'           'O|number'
    'ONEAPP_SSL_CERT'         'configure' 'SSL certificate'            'O|text64'
    'ONEAPP_SITE_TITLE'       'bootstrap' 'Site title (set all)'       'M|text'
    'ONEAPP_ADMIN_PASSWORD'   'bootstrap' 'Site password (set all)'    'O|password'
)
ONEAPP_PASSWORD_LENGTH="${ONEAPP_PASSWORD_LENGTH:-16}"
ONEAPP_DB_NAME="${ONEAPP_DB_NAME:-wordpost}"
ONEAPP_DB_PASSWORD="${ONEAPP_DB_PASSWORD:-$(gen_password ${ONEAPP_PASSWORD_LENGTH})}"
ONEAPP_SITE_HOSTNAME="${ONEAPP_SITE_HOSTNAME:-$(get_local_ip)}"
ONEAPP_SITE_PORT="${ONEAPP_SITE_PORT:-8080}"

service_install() { :; }
