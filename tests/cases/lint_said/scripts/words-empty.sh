#!/bin/bash
ONE_SERVICE_PARAMS=(
    '' 'configure' 'Nameless' ''
    'ONEAPP_B' 'configure' 'B' 'O|integer'
)
