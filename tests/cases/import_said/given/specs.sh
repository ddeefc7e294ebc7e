#!/usr/bin/env bash
ONE_SERVICE_NAME='Service | Shop'
ONE_SERVICE_NAME='Again'
ONE_SERVICE_SHORT_DESCRIPTION="Sells things"
ONE_SERVICE_PARAMS=(
    'ONEAPP_SHOP_PORT'     'configure' 'Port'                 'O|number'
    'ONEAPP_SHOP_WRONG'    'configure' 'A number of words'    'O|number'
    'ONEAPP_SHOP_MODE'     'bootstrap' 'Mode | of the shop'   'O|list|Mode|fast,slow|'
    'ONEAPP_SHOP_GIVEN'    'install'   'Given'                'O|text|Given||here'
    'ONEAPP_SHOP_KEY'      'configure' 'Key'                  'O|text'
    'ONEAPP_SHOP_ID'       'configure' 'Id'                   'O|text'
    'ONEAPP_SHOP_WHERE'    'configure' 'Where'                'O|text'
    'ONEAPP_SHOP_HOST'     'configure' 'Host'                 'O|text'
    'ONEAPP_SHOP_COMPUTED' 'configure' 'Computed'             'O|text'
    'ONEAPP_SHOP_CODE'     'configure' 'Computed, not asked'  ''
    'ONEAPP_SHOP_QUIET'    'sometime'  'Not asked'            ''
    'ONEAPP_SHOP_SILENT'   'configure' ''                     ''
    'ONEAPP_SHOP_MUST'     'configure' 'Must'                 'M|text'
    'ONEAPP_SHOP_SMALL'    'configure' 'Small'                'm|text'
)
ONEAPP_SHOP_PORT="${ONEAPP_SHOP_PORT:-80}"
ONEAPP_SHOP_WRONG="${ONEAPP_SHOP_WRONG:-many}"
ONEAPP_SHOP_MODE="${ONEAPP_SHOP_MODE:-fast}"
ONEAPP_SHOP_GIVEN="${ONEAPP_SHOP_GIVEN:-there}"
export ONEAPP_SHOP_KEY="${ONEAPP_SHOP_KEY:-$(openssl rand -hex 8)}" # made once
ONEAPP_SHOP_ID=${ONEAPP_SHOP_ID:-`uuidgen`}
readonly ONEAPP_SHOP_WHERE="${ONEAPP_SHOP_WHERE:-$(hostname -I | cut -d ' ' -f 1)}"
ONEAPP_SHOP_HOST="${ONEAPP_SHOP_HOST:-$(hostname)}"
ONEAPP_SHOP_COMPUTED="${ONEAPP_SHOP_COMPUTED:-$(date)}"
ONEAPP_SHOP_CODE="${ONEAPP_SHOP_CODE-${OTHER}/x}"
ONEAPP_SHOP_QUIET="${ONEAPP_SHOP_QUIET:-NO}"
ONEAPP_SHOP_NOT_NAMED="${ONEAPP_SHOP_NOT_NAMED:-secret}"
ONEAPP_SHOP_NOT_NAMED_TOKEN="${ONEAPP_SHOP_NOT_NAMED_TOKEN:-opensesame}"
INNER="${INNER:-inner}"
