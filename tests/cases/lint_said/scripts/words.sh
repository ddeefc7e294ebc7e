#!/bin/bash
ONE_SERVICE_PARAMS=( # a comment
    'ONEAPP_'"A"B configure "one ${two} $(three)" 'O|'number   # behind
    # 'ONEAPP_OUT' 'configure' 'Out' ''
    ONEAPP_C	configure	'C' \
        ''
    'ONEAPP_D' 'configure' 'D'
)
ONE_SERVICE_PARAMS+=(
    'ONEAPP_E' 'configure' 'E' 'O|integer'
)
