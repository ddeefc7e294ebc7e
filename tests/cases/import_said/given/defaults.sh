#!/usr/bin/env bash
ONE_SERVICE_NAME="Service Shop"
ONE_SERVICE_SHORT_DESCRIPTION="Costs $(price)"
ONE_SERVICE_PARAMS=(
    'ONEAPP_SHOP_PORT'     'configure' 'Port'             '80'
    'ONEAPP_SHOP_SWITCH'   'configure' 'Switch'           'NO'
    'ONEAPP_SHOP_TEXT'     'configure' 'Text'             'a text'
    'ONEAPP_SHOP_OTHER'    'configure' 'Other default'    'here'
    'ONEAPP_SHOP_SAME'     'configure' 'Same default'     'here'
    'ONEAPP_SHOP_PASSWORD' 'configure' 'Password'         ''
    'ONEAPP_SHOP_CLEAR_PASSWORD' 'configure' 'Password in clear' 'opensesame'
    'ONEAPP_SHOP_LONG'     'configure' 'Noughts'          '007'
    'ONEAPP_SHOP_MADE'     'configure' 'Made'             ''
    'ONEAPP_SHOP_KEPT'     'configure' 'Made or given'    'given'
    'ONEAPP_SHOP_PIECES'   'configure' 'Pieces'           '8'"0"'1'
)
ONEAPP_SHOP_OTHER="${ONEAPP_SHOP_OTHER:-there}"
ONEAPP_SHOP_SAME="${ONEAPP_SHOP_SAME:-here}"
ONEAPP_SHOP_MADE="${ONEAPP_SHOP_MADE:-$(cat /proc/sys/kernel/random/uuid)}"
ONEAPP_SHOP_KEPT="${ONEAPP_SHOP_KEPT:-$(hostname)}"
