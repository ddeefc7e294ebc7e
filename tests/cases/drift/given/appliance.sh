#!/usr/bin/env bash
# SHOP_COMMENT stands in a comment.
ONE_SERVICE_PARAMS=(
    'SHOP_PORT'   'configure' 'Port of the shop' 'O|number'
    'SHOP_TITLE'  'configure' 'Heading'          'M|text'
    'SHOP_THEME'  'configure' 'Theme'            'dark'
    'SHOP_SHARE'  'configure' 'Share'            '0.5'
    'SHOP_KEY'    'configure' 'Key'              ''
    'SHOP_TILL'   'configure' 'Of another role'  ''
    'SHOP_EXTRA'  'configure' 'Not declared'     ''
    'SHOP_QUIET'  'configure' 'Quiet'            'O|boolean'
)
SHOP_PORT="${SHOP_PORT:-8080}"
SHOP_THEME=${SHOP_THEME-'dark'}
SHOP_TITLE="${SHOP_TITLE:-'The shop'}"
SHOP_SHARE="${SHOP_SHARE:=${OTHER}}"
SHOP_KEY="${SHOP_KEY:-opensesame}"
SHOP_QUIET="${SHOP_QUIET:-}"
SHOP_OWN=5
export SHOP_LOCAL="x"
for SHOP_EACH in a b; do echo "$SHOP_EACH"; done
read -r SHOP_READ
local SHOP_INNER
echo "$SHOP_OWN $SHOP_LOCAL $SHOP_READ $SHOP_INNER $SHOP_UNKNOWN $SHOP_UNKNOWN ${SHOP_EXTRA} ONEAPP_SHOP_TITLE SHOP_*"
