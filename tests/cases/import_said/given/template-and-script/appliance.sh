#!/usr/bin/env bash
ONE_SERVICE_NAME='From the script'
ONE_SERVICE_PARAMS=(
    'ONEAPP_SHOP_PORT'    'bootstrap' 'Port'      'O|number'
    'ONEAPP_SHOP_MODE'    'configure' 'Mode'      'O|text'
    'ONEAPP_SHOP_COLOUR'  'configure' 'Colour'    'O|text'
    'ONEAPP_SHOP_KEY'     'configure' 'Key'       'O|password'
    'ONEAPP_SHOP_PLACE'   'configure' 'Place'     'O|text'
    'ONEAPP_SHOP_HIDDEN'  'install'   'Hidden'    'M|text'
    'ONEAPP_SHOP_QUIET'   'configure' 'Quiet'     ''
)
ONEAPP_SHOP_PORT="${ONEAPP_SHOP_PORT:-8080}"
ONEAPP_SHOP_MODE="${ONEAPP_SHOP_MODE:-fast}"
ONEAPP_SHOP_COLOUR="${ONEAPP_SHOP_COLOUR:-red}"
ONEAPP_SHOP_KEY="${ONEAPP_SHOP_KEY:-$(gen_password 16)}"
ONEAPP_SHOP_PLACE="${ONEAPP_SHOP_PLACE:-$(get_local_ip)}"
ONEAPP_SHOP_HIDDEN="${ONEAPP_SHOP_HIDDEN:-x}"
ONEAPP_SHOP_QUIET="${ONEAPP_SHOP_QUIET:-x}"
echo "$ONEAPP_SHOP_MENTIONED"
